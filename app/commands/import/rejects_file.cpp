#include "app/commands/import/rejects_file.hpp"

#include "actors/console/format.hpp"
#include "app/commands/output/json_text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace onewriter::node {

namespace {

bool write_at(int file, const std::string& text, off_t offset) {
  for (size_t done = 0; done < text.size();) {
    auto count = ::pwrite(file, text.data() + done, text.size() - done,
                          offset + static_cast<off_t>(done));
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return false;
    done += static_cast<size_t>(count);
  }
  return true;
}

// Whether `file` is open and what `path` names.
bool is_at(int file, const std::string& path) {
  struct stat opened {};
  struct stat named {};
  return file >= 0 && ::fstat(file, &opened) == 0
         && ::stat(path.c_str(), &named) == 0 && opened.st_dev == named.st_dev
         && opened.st_ino == named.st_ino;
}

} // namespace

rejects_file::~rejects_file() {
  if (file_ >= 0)
    ::close(file_);
}

caf::expected<uint64_t> rejects_file::write(uint64_t size,
                                            const std::string& text) {
  if (auto err = open(size); err != caf::none)
    return err;
  struct stat found {};
  auto works = ::fstat(file_, &found) == 0;
  // It is shorter where it was deleted since.
  auto kept = std::min(static_cast<off_t>(size), found.st_size);
  works = works && ::ftruncate(file_, kept) == 0 && write_at(file_, text, kept)
          && ::fsync(file_) == 0;
  if (!works)
    return make_failure(ec::io_error, path_ + ": " + std::strerror(errno));
  return static_cast<uint64_t>(kept) + text.size();
}

caf::error rejects_file::open(uint64_t size) {
  if (is_at(file_, path_))
    return {};
  if (file_ >= 0)
    ::close(file_);
  file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (file_ < 0)
    return make_failure(ec::cannot_open, path_ + ": " + std::strerror(errno));
  // Some file systems have no such locks, and there is nothing else to ask.
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    return make_failure(ec::busy,
                        path_
                          + " is being written by another import: name "
                            "another file with --rejects");
  struct stat found {};
  if (!is_own_ && ::fstat(file_, &found) == 0
      && found.st_size > static_cast<off_t>(size))
    return foreign_rejects(path_);
  is_own_ = true;
  return {};
}

bool rejects_file::has_content() const {
  struct stat found {};
  return ::stat(path_.c_str(), &found) == 0 && found.st_size > 0;
}

caf::error foreign_rejects(const std::string& path) {
  return make_failure(ec::target_exists,
                      path
                        + " exists: move it, or name another file with "
                          "--rejects");
}

caf::error too_many_rejects(uint64_t max, uint64_t line,
                            const std::string& reason) {
  return make_failure(ec::cancelled, "more than " + format_count(max, "line")
                                       + " would be rejected, among them line "
                                       + std::to_string(line) + ": " + reason);
}

std::string reject_line(uint64_t line, const std::string& reason,
                        const std::string& bytes) {
  constexpr auto ends = "\r\n";
  auto first = std::min(bytes.find_first_not_of(ends), bytes.size());
  auto last = bytes.find_last_not_of(ends);
  auto text = last == bytes.npos ? "" : bytes.substr(first, last + 1 - first);
  return json_line({{"line", line},
                    {"reason", printable(reason)},
                    {"text", value_json(value{text})}});
}

} // namespace onewriter::node
