#include "actors/index/jobs/document_file.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace onewriter {

namespace {

caf::error refuse(const std::string& path, const std::string& why) {
  return make_failure(ec::unreadable_document,
                      "the document " + path + " " + why);
}

caf::error refuse(const std::string& path, int error_number) {
  return refuse(path, "cannot be read: "
                        + std::generic_category().message(error_number));
}

bool is_same_file(const struct stat& x, const struct stat& y) {
  return x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

bool is_one_of(const struct stat& info, const std::vector<std::string>& paths) {
  return std::any_of(paths.begin(), paths.end(), [&](auto& path) {
    struct stat other;
    return ::stat(path.c_str(), &other) == 0 && is_same_file(info, other);
  });
}

const char* describe_type(mode_t mode) {
  return S_ISDIR(mode)                    ? "is a directory"
         : S_ISFIFO(mode)                 ? "is a pipe"
         : S_ISSOCK(mode)                 ? "is a socket"
         : S_ISCHR(mode) || S_ISBLK(mode) ? "is a device"
                                          : "is no regular file";
}

bool is_same_time(const timespec& x, const timespec& y) {
  return x.tv_sec == y.tv_sec && x.tv_nsec == y.tv_nsec;
}

const timespec& modified(const struct stat& x) {
#ifdef __APPLE__
  return x.st_mtimespec;
#else
  return x.st_mtim;
#endif
}

// Returns why the file must not be opened.
caf::error check(const std::string& path, const struct stat& info,
                 const std::vector<std::string>& off_limits) {
  if (!S_ISREG(info.st_mode))
    return refuse(path, describe_type(info.st_mode));
  if (is_one_of(info, off_limits))
    return refuse(path, "is a file of the database itself");
  return {};
}

} // namespace

caf::expected<document_file>
document_file::open(const std::string& path,
                    const std::vector<std::string>& off_limits) {
  if (path.find('\0') != std::string::npos)
    return refuse(path.c_str(), "has a NUL in its name");
  struct stat expected;
  if (::stat(path.c_str(), &expected) != 0)
    return refuse(path, errno);
  if (auto err = check(path, expected, off_limits); err != caf::none)
    return err;
  // O_NONBLOCK: by now it may be a pipe.
  auto descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0)
    return refuse(path, errno);
  document_file result{path, descriptor, expected};
  if (::fstat(descriptor, &result.opened_) != 0)
    return refuse(path, errno);
  if (!is_same_file(result.opened_, expected))
    return make_failure(ec::document_changed,
                        "the document " + path
                          + " was replaced while it was being opened");
  return result;
}

document_file::document_file(document_file&& other) noexcept
  : path_{std::move(other.path_)},
    descriptor_{std::exchange(other.descriptor_, -1)},
    opened_{other.opened_} {
  // nop
}

document_file::~document_file() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

caf::expected<size_t> document_file::read(char* buffer, size_t size) {
  size_t done = 0;
  while (done < size) {
    auto count = ::read(descriptor_, buffer + done, size - done);
    if (count == 0)
      break;
    if (count < 0 && errno != EINTR)
      return unreadable(errno);
    if (count > 0)
      done += static_cast<size_t>(count);
  }
  return done;
}

caf::error document_file::rewind() {
  return ::lseek(descriptor_, 0, SEEK_SET) == 0 ? caf::error{}
                                                : unreadable(errno);
}

caf::error document_file::check_unchanged() const {
  struct stat now;
  if (::stat(path_.c_str(), &now) == 0 && is_same_file(now, opened_)
      && now.st_size == opened_.st_size
      && is_same_time(modified(now), modified(opened_)))
    return {};
  return make_failure(ec::document_changed,
                      "the document " + path_
                        + " changed while it was being read");
}

caf::error document_file::unreadable(int error_number) const {
  return refuse(path_, error_number);
}

} // namespace onewriter
