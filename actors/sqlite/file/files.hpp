#pragma once

#include "onewriter/failure.hpp"

#include <cstdint>
#include <optional>
#include <string>

// Information about files without opening them. Closing any descriptor of a
// database or its log drops all locks that this process holds on it
// (https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_),
// so only SQLite may open them.

namespace onewriter::sqlite {

/// Returns the canonical absolute path of a file that need not exist, in a
/// folder that must: symbolic links are followed, also dangling ones. Errors:
/// `ec::cannot_open`.
[[nodiscard]] caf::expected<std::string>
canonical_path(const std::string& path);

/// Returns whether `path` exists, a broken link included.
bool exists(const std::string& path);

/// Returns the size of a file in bytes, 0 if there is none.
uint64_t file_bytes(const std::string& path);

/// Returns how many names a file has, 0 if there is none.
uint64_t name_count(const std::string& path);

/// The identity of a file, independent of its names.
struct file_identity {
  uint64_t device = 0;
  uint64_t node = 0;
};

inline bool operator==(const file_identity& x, const file_identity& y) {
  return x.device == y.device && x.node == y.node;
}

inline bool operator!=(const file_identity& x, const file_identity& y) {
  return !(x == y);
}

/// The result of looking up a name.
struct file_look {
  /// Empty if there is no file, or if it is not accessible.
  std::optional<file_identity> identity;
  uint64_t bytes = 0;
  uint64_t names = 0;
  /// Why there is no identity, as `errno`.
  int error_number = 0;
};

/// Looks up `path`, with one system call.
file_look look_at(const std::string& path);

/// Returns what file `path` leads to, nothing if there is none.
std::optional<file_identity> identity_of(const std::string& path);

/// Returns the size of the write-ahead log of the database at `path`, 0 if
/// there is none.
uint64_t wal_size(const std::string& path);

/// Returns whether the database at `path` has a file for its write-ahead log,
/// also an empty one.
bool has_log(const std::string& path);

/// Returns why the database at `path` cannot be opened for reading or also for
/// writing, and what to do, as far as the file system shows; none if there is
/// no problem. Errors: `ec::cannot_open`, `ec::read_only`.
[[nodiscard]] caf::error explain_access(const std::string& path,
                                        bool for_writing);

/// Makes the error of an operating system call that failed with `error_number`.
caf::error make_system_error(ec code, const std::string& what,
                             int error_number);

/// Syncs a file or a folder that no connection of this process has open.
[[nodiscard]] caf::error sync_path(const std::string& path);

/// Returns the folder that `path` is in.
std::string folder_of(const std::string& path);

} // namespace onewriter::sqlite
