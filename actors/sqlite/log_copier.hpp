#pragma once

#include "actors/sqlite/connection.hpp"

#include <atomic>
#include <memory>

namespace onewriter::sqlite {

/// Copies the log into the file while the writer goes on writing, with
/// connections of its own.
///
/// SQLite up to 3.51.2 corrupts a file when a checkpoint overlaps with the
/// commit of another connection that starts the log again
/// (https://sqlite.org/wal.html#walresetbug). One of the two connections
/// excludes that, the pin: its snapshot, which begins before the checkpoint and
/// ends after it, needs the log, so that no commit and no checkpoint of any
/// process can start the log again (https://sqlite.org/walformat.html#locks).
/// If the pin's snapshot does not need the log, because all of it has been
/// copied, it excludes the checkpoint itself, which then copies nothing.
///
/// Used by one thread at a time, except for `interrupt`.
class log_copier {
public:
  /// Opens the connections. `files` are those that the writer has open. Errors:
  /// those of `connection::open` and of `check_name`.
  static caf::expected<std::unique_ptr<log_copier>>
  open(const connection_options& how, const known_files& files);

  /// Copies and syncs what has been committed before. Never waits for a lock.
  /// Errors: `ec::busy` (another program's checkpoint, or a commit that was
  /// just being published: try again), `ec::run_limit_exceeded` after
  /// `interrupt`, and those that are fatal.
  [[nodiscard]] caf::expected<checkpoint_receipt> run();

  /// Stops `run` before the next page, or the next `run` if none is running.
  /// What was copied is copied again then. May be called from any thread.
  void interrupt() noexcept {
    copier_->interrupt();
  }

  /// Whether a sync of the file has failed, see `connection::is_index_suspect`.
  /// From then on the pin stays: the log must not be started again before its
  /// index has been rebuilt.
  bool is_index_suspect() const {
    return copier_->is_index_suspect();
  }

private:
  using connection_ptr = std::unique_ptr<connection>;

  log_copier(connection_ptr copier, connection_ptr pin);

  caf::error check_files(const known_files& files) const;

  caf::expected<checkpoint_receipt> copy();

  connection_ptr copier_;
  // Closed first.
  connection_ptr pin_;
};

} // namespace onewriter::sqlite
