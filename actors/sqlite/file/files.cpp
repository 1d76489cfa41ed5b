#include "actors/sqlite/file/files.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace onewriter::sqlite {

namespace fs = std::filesystem;

namespace {

// As many as Linux follows.
constexpr int max_links = 40;

caf::error cannot_open(std::string message) {
  return make_failure(ec::cannot_open, std::move(message));
}

// The last component, once no link is left in it.
caf::expected<fs::path> without_links(fs::path path) {
  std::error_code ignored;
  for (int i = 0; i < max_links; ++i) {
    if (!fs::is_symlink(fs::symlink_status(path, ignored)))
      return path;
    path = path.parent_path() / fs::read_symlink(path, ignored);
  }
  return cannot_open("too many symbolic links: " + path.string());
}

caf::error explain_folder(const std::string& folder, bool for_writing) {
  struct stat info;
  if (::stat(folder.c_str(), &info) != 0)
    return make_system_error(ec::cannot_open, "the folder " + folder, errno);
  if (!S_ISDIR(info.st_mode))
    return cannot_open(folder + " is not a folder");
  if (::access(folder.c_str(), X_OK) != 0)
    return make_system_error(ec::cannot_open, "the folder " + folder, errno);
  // SQLite puts the write-ahead log beside the file.
  if (for_writing && ::access(folder.c_str(), W_OK) != 0)
    return make_system_error(ec::read_only, "the folder " + folder, errno);
  return {};
}

caf::error explain_file(const std::string& path, bool for_writing) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) {
    if (errno == ENOENT && for_writing)
      return {};
    return make_system_error(ec::cannot_open, path, errno);
  }
  if (!S_ISREG(info.st_mode))
    return cannot_open(path
                       + (S_ISDIR(info.st_mode) ? " is a folder: name a "
                                                  "file in it"
                                                : " is not a file"));
  if (::access(path.c_str(), R_OK) != 0)
    return make_system_error(ec::cannot_open, path, errno);
  if (for_writing && ::access(path.c_str(), W_OK) != 0)
    return make_system_error(ec::read_only, path, errno);
  return {};
}

} // namespace

caf::expected<std::string> canonical_path(const std::string& path) {
  std::error_code err;
  auto target = without_links(fs::absolute(path, err));
  if (!target)
    return target.error();
  auto folder = fs::canonical(target->parent_path(), err);
  if (err)
    return cannot_open("the folder " + target->parent_path().string()
                       + " cannot be opened: " + err.message());
  return (folder / target->filename()).string();
}

bool exists(const std::string& path) {
  struct stat info;
  return ::lstat(path.c_str(), &info) == 0;
}

// Omits times if possible: on Linux 6.13 or later, reading the time of a file
// makes the next write to it set a new one, and the next sync of the log may
// have to write its inode too, as on an ext4 without journal
// (https://docs.kernel.org/filesystems/multigrain-ts.html).
file_look look_at(const std::string& path) {
  file_look result;
#ifdef STATX_INO
  struct statx info;
  constexpr unsigned what = STATX_INO | STATX_SIZE | STATX_NLINK;
  if (::statx(AT_FDCWD, path.c_str(), 0, what, &info) != 0) {
    result.error_number = errno;
    return result;
  }
  auto device = (uint64_t{info.stx_dev_major} << 32) + info.stx_dev_minor;
  result.identity = file_identity{device, info.stx_ino};
  result.bytes = info.stx_size;
  result.names = info.stx_nlink;
#else
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) {
    result.error_number = errno;
    return result;
  }
  result.identity = file_identity{info.st_dev, info.st_ino};
  result.bytes = static_cast<uint64_t>(info.st_size);
  result.names = info.st_nlink;
#endif
  return result;
}

uint64_t file_bytes(const std::string& path) {
  return look_at(path).bytes;
}

uint64_t name_count(const std::string& path) {
  return look_at(path).names;
}

std::optional<file_identity> identity_of(const std::string& path) {
  return look_at(path).identity;
}

uint64_t wal_size(const std::string& path) {
  return file_bytes(path + "-wal");
}

bool has_log(const std::string& path) {
  return exists(path + "-wal");
}

caf::error explain_access(const std::string& path, bool for_writing) {
  auto err = explain_folder(folder_of(path), for_writing);
  return err != caf::none ? err : explain_file(path, for_writing);
}

caf::error make_system_error(ec code, const std::string& what,
                             int error_number) {
  return make_failure(code, what + ": "
                              + std::generic_category().message(error_number));
}

caf::error sync_path(const std::string& path) {
  auto descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return make_system_error(ec::io_error, path, errno);
  auto result = ::fsync(descriptor);
  auto error_number = errno;
  ::close(descriptor);
  // Some file systems cannot sync folders and report that.
  if (result == 0 || error_number == EINVAL)
    return {};
  return make_system_error(ec::io_error, path, error_number);
}

std::string folder_of(const std::string& path) {
  auto result = fs::path{path}.parent_path().string();
  return result.empty() ? "." : result;
}

} // namespace onewriter::sqlite
