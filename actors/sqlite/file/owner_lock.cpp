#include "actors/sqlite/file/owner_lock.hpp"

#include "actors/sqlite/file/files.hpp"

#include <cerrno>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace onewriter::sqlite {

namespace {

// How often another owner may disappear between our opening and our locking.
constexpr int max_attempts = 100;

// Of the lock file's name, behind that of the database.
constexpr std::string_view suffix = "-owner";

// It may hold a secret.
constexpr mode_t only_owner = 0600;

// Closes a descriptor unless it is released.
class descriptor_guard {
public:
  explicit descriptor_guard(int descriptor) : descriptor_{descriptor} {
    // nop
  }

  descriptor_guard(const descriptor_guard&) = delete;

  descriptor_guard& operator=(const descriptor_guard&) = delete;

  ~descriptor_guard() {
    if (descriptor_ >= 0)
      ::close(descriptor_);
  }

  int get() const {
    return descriptor_;
  }

  int release() {
    return std::exchange(descriptor_, -1);
  }

private:
  int descriptor_;
};

// A program that has closed its standard streams may still write to them, and
// that output must not end up in the lock.
int out_of_reach(int descriptor) {
  auto result = ::fcntl(descriptor, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  auto error_number = errno;
  ::close(descriptor);
  errno = error_number;
  return result;
}

int open_lock_file(const std::string& path) {
  auto result = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                       only_owner);
  return result >= 0 && result <= STDERR_FILENO ? out_of_reach(result) : result;
}

caf::error cannot_lock(const std::string& path, int error_number) {
  auto code
    = error_number == EACCES || error_number == EROFS || error_number == EPERM
        ? ec::read_only
        : ec::cannot_open;
  return make_system_error(code, "the lock file " + path, error_number);
}

std::string content_of(int descriptor) {
  char buf[4096];
  auto size = ::pread(descriptor, buf, sizeof buf, 0);
  return {buf, size > 0 ? static_cast<size_t>(size) : 0};
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

caf::error owned_by_another(const std::string& path, int descriptor) {
  auto owner = first_line(content_of(descriptor));
  return make_failure(
    ec::busy,
    path.substr(0, path.size() - suffix.size()) + " is owned by "
      + (owner.empty() ? "another process" : "process " + owner)
      + (owner == std::to_string(::getpid()) ? ", which is this one" : "")
      + ": only one onewriter may own it, stop that one first");
}

// The identity of `path`, if that is the open file. The previous owner may have
// removed it after we opened it: then no other process can find our lock.
std::optional<file_identity> common_identity(int descriptor,
                                             const std::string& path) {
  struct stat mine;
  struct stat found;
  if (::fstat(descriptor, &mine) != 0 || ::stat(path.c_str(), &found) != 0
      || mine.st_dev != found.st_dev || mine.st_ino != found.st_ino)
    return std::nullopt;
  return identity_of(path);
}

bool write_content(int descriptor, const std::string& text) {
  auto size = static_cast<ssize_t>(text.size());
  return ::pwrite(descriptor, text.data(), text.size(), 0) == size
         && ::ftruncate(descriptor, size) == 0;
}

caf::expected<std::string> name_of_lock(const std::string& database_path) {
  auto database = canonical_path(database_path);
  if (!database)
    return database.error();
  return *database + std::string{suffix};
}

} // namespace

caf::expected<std::unique_ptr<owner_lock>>
owner_lock::acquire(const std::string& database_path) {
  auto name = name_of_lock(database_path);
  if (!name)
    return name.error();
  auto& path = *name;
  for (int i = 0; i < max_attempts; ++i) {
    auto file = descriptor_guard{open_lock_file(path)};
    if (file.get() < 0)
      return cannot_lock(path, errno);
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
      return errno == EWOULDBLOCK ? owned_by_another(path, file.get())
                                  : cannot_lock(path, errno);
    auto identity = common_identity(file.get(), path);
    if (!identity)
      continue;
    // The number is for people only: the lock works without it. What an owner
    // before has left must go, so that no process looks for it.
    static_cast<void>(
      write_content(file.get(), std::to_string(::getpid()) + "\n"));
    std::unique_ptr<owner_lock> result{
      new owner_lock(path, *identity, file.get())};
    file.release();
    return result;
  }
  return make_failure(ec::busy, "other processes keep taking the lock " + path);
}

caf::expected<std::string> owner_lock::read(const std::string& database_path) {
  auto path = name_of_lock(database_path);
  if (!path)
    return path.error();
  auto file = descriptor_guard{
    ::open(path->c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
  if (file.get() >= 0)
    return content_of(file.get());
  if (errno == ENOENT)
    return std::string{};
  return cannot_lock(*path, errno);
}

caf::error owner_lock::annotate(const std::string& database_path,
                                const std::string& text) {
  auto path = name_of_lock(database_path);
  if (!path)
    return path.error();
  auto file
    = descriptor_guard{::open(path->c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW)};
  if (file.get() < 0)
    return cannot_lock(*path, errno);
  if (first_line(content_of(file.get())) != std::to_string(::getpid()))
    return owned_by_another(*path, file.get());
  // An earlier version may have made the file.
  auto is_written
    = ::fchmod(file.get(), only_owner) == 0 && write_content(file.get(), text);
  return is_written
           ? caf::error{}
           : make_system_error(ec::io_error, "the lock file " + *path, errno);
}

owner_lock::~owner_lock() {
  // While we hold the lock, so that no other process can have taken the name.
  if (common_identity(descriptor_, path_))
    ::unlink(path_.c_str());
  ::close(descriptor_);
}

} // namespace onewriter::sqlite
