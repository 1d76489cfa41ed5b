#pragma once

#include "actors/sqlite/file/files.hpp"
#include "onewriter/failure.hpp"

#include <memory>
#include <string>
#include <utility>

namespace onewriter::sqlite {

/// Excludes every other onewriter from a database file, in this process and in
/// other processes, for as long as it lives.
///
/// The lock is on a file of its own beside the database, `<path>-owner`: a lock
/// on the database itself would get lost (see `files.hpp`). Its first line is
/// the owner's process id; only the owner's user can read it. The operating
/// system drops the lock when the process ends, in any way; the file that is
/// left then is harmless.
class owner_lock {
public:
  /// Takes the lock without waiting. Links and relative paths that lead to the
  /// same file meet in the same lock; hard links do not. Errors: `ec::busy`
  /// ("... is owned by process 123"), `ec::cannot_open`, `ec::read_only`.
  static caf::expected<std::unique_ptr<owner_lock>>
  acquire(const std::string& database_path);

  /// Returns the content of the lock file of the database, of at most 4,096
  /// bytes; empty if there is none. Takes no lock. Errors: `ec::cannot_open`,
  /// `ec::read_only` where the user may not read it.
  static caf::expected<std::string> read(const std::string& database_path);

  /// Replaces the content of the lock file of a database that this process
  /// owns; the first line of `text` must be its id. Any thread. Errors:
  /// `ec::busy` if another process owns it, `ec::cannot_open`, `ec::io_error`.
  [[nodiscard]] static caf::error annotate(const std::string& database_path,
                                           const std::string& text);

  owner_lock(const owner_lock&) = delete;

  owner_lock& operator=(const owner_lock&) = delete;

  /// Removes the file and drops the lock.
  ~owner_lock();

  /// Absolute path of the lock file.
  const std::string& path() const {
    return path_;
  }

  /// Identity of the lock file.
  const file_identity& identity() const {
    return identity_;
  }

private:
  owner_lock(std::string path, file_identity identity, int descriptor)
    : path_{std::move(path)},
      identity_{identity},
      descriptor_{descriptor} {
    // nop
  }

  std::string path_;
  file_identity identity_;
  int descriptor_;
};

} // namespace onewriter::sqlite
