#include "app/remote/secure/sealed_files.hpp"

#include "app/remote/secure/tls_library.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace onewriter::node {

namespace {

bool write_to(int file, std::string_view text) {
  while (!text.empty()) {
    auto size = ::write(file, text.data(), text.size());
    if (size <= 0)
      return false;
    text.remove_prefix(static_cast<size_t>(size));
  }
  return true;
}

} // namespace

caf::expected<std::unique_ptr<sealed_files>>
sealed_files::make(const tls_files& what) {
  if (auto err = check_files(what); err != caf::none)
    return err;
  if (auto err = check_content(what); err != caf::none)
    return err;
  std::unique_ptr<sealed_files> result{new sealed_files};
  auto& names = result->names_;
  const std::pair<const std::string*, std::string*> copies[]
    = {{&what.certificate, &names.certificate},
       {&what.key, &names.key},
       {&what.ca_file, &names.ca_file}};
  for (auto [from, to] : copies) {
    auto name = result->add(*from);
    if (!name)
      return name.error();
    *to = std::move(*name);
  }
  // The files may have been replaced since the first check.
  if (auto err = check_content(names); err != caf::none)
    return err;
  return result;
}

sealed_files::~sealed_files() {
  for (auto file : files_)
    ::close(file);
}

void sealed_files::replace(std::unique_ptr<sealed_files> by) {
  std::lock_guard<std::mutex> guard{mutex_};
  next_ = std::move(by);
}

// Their numbers, which are their names, stay the same.
void sealed_files::take_replacement() {
  std::lock_guard<std::mutex> guard{mutex_};
  if (!next_)
    return;
  for (size_t i = 0; i < files_.size(); ++i)
    while (::dup3(next_->files_[i], files_[i], O_CLOEXEC) < 0
           && (errno == EINTR || errno == EBUSY)) {
      // again
    }
  next_.reset();
}

caf::expected<std::string> sealed_files::add(const std::string& path) {
  auto failed = [&] {
    return make_failure(ec::io_error, "cannot copy " + path + " into memory: "
                                        + std::strerror(errno));
  };
  std::ifstream in{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  auto file = ::memfd_create("onewriter-tls", MFD_CLOEXEC);
  if (file < 0)
    return failed();
  files_.push_back(file);
  if (!write_to(file, text))
    return failed();
  return "/proc/self/fd/" + std::to_string(file);
}

} // namespace onewriter::node
