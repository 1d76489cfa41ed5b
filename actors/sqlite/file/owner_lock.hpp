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
/// The lock is on a file of its own beside the database, `<path>-owner`, which
/// holds the owner's process id for people to read: a lock on the database
/// itself would get lost (see `files.hpp`). The operating system drops it when
/// the process ends, in any way; the file that is left then is harmless.
class owner_lock {
public:
  /// Takes the lock without waiting. Links and relative paths that lead to the
  /// same file meet in the same lock; hard links do not. Errors: `ec::busy`
  /// ("... is owned by process 123"), `ec::cannot_open`, `ec::read_only`.
  static caf::expected<std::unique_ptr<owner_lock>>
  acquire(const std::string& database_path);

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
