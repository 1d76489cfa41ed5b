#pragma once

#include "actors/sqlite/file/file_guard.hpp"
#include "actors/sqlite/runner/statement_runner.hpp"
#include "actors/sqlite/statement/control_statements.hpp"
#include "onewriter/maintenance.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace onewriter::sqlite {

/// How far a checkpoint goes (https://sqlite.org/c3ref/wal_checkpoint_v2.html).
enum class checkpoint_mode : uint8_t {
  /// Copies as many pages as possible without waiting.
  passive,
  /// Waits, at most the busy timeout, so that the log restarts.
  restart,
  /// Also truncates the log's file to zero bytes.
  truncate,
};

/// How much of the log has been copied into the file, in pages.
struct log_progress {
  int64_t pages = 0;
  int64_t copied = 0;

  int64_t rest() const {
    return pages - copied;
  }
};

/// A connection to a SQLite file, used by one thread at a time: by the actor
/// that owns it. After an error for which `is_fatal` holds, it can only be
/// closed.
class connection : public statement_runner {
public:
  // -- opening and closing ------------------------------------------------------

  /// Opens a file, sets every option and reads it back. Errors: `ec::busy` (try
  /// again), `ec::cannot_open`, `ec::read_only`, `ec::not_a_database`,
  /// `ec::corrupt`, `ec::no_write_ahead_log`, `ec::network_file_system`,
  /// `ec::invalid_argument`, `ec::disk_full`, `ec::io_error`.
  static caf::expected<std::unique_ptr<connection>>
  open(const connection_options& options);

  ~connection();

  /// Rolls back an open transaction, finalizes all statements and closes the
  /// file. A writer that is the last connection copies the log into the file
  /// and removes it. After an error the file is still open. Cursors and backups
  /// of the connection must have been destroyed. Nothing else may be called
  /// afterwards.
  [[nodiscard]] caf::error close();

  // -- transactions -------------------------------------------------------------

  /// Starts a transaction that writes. Errors: `ec::busy`.
  [[nodiscard]] caf::error begin_immediate();

  /// Starts a transaction that reads, and fixes its snapshot.
  [[nodiscard]] caf::error begin_read();

  /// Ends the transaction. An `ec::io_error` can also mean that SQLite has
  /// omitted checksums, see `has_spilled`: then `is_index_suspect` holds. If
  /// `in_transaction` still holds after an error (`ec::constraint_violated` by
  /// a deferred foreign key, `ec::busy`), nothing has happened; otherwise the
  /// outcome of an `ec::io_error` is unknown.
  [[nodiscard]] caf::error commit();

  /// Undoes the transaction, if there is one.
  void rollback() noexcept;

  /// Starts a transaction within the transaction; they nest.
  [[nodiscard]] caf::error savepoint();

  /// Ends the innermost savepoint and keeps its changes.
  [[nodiscard]] caf::error release_savepoint();

  /// Ends the innermost savepoint and undoes its changes.
  [[nodiscard]] caf::error rollback_to_savepoint();

  // -- maintenance --------------------------------------------------------------

  /// Copies the log into the file; not for readers, and outside of a
  /// transaction only. Being blocked by readers is not an error but part of the
  /// receipt. Errors: as for `check_before_checkpoint`, those that are fatal,
  /// and `ec::run_limit_exceeded` after `interrupt`.
  [[nodiscard]] caf::expected<checkpoint_receipt>
  checkpoint(checkpoint_mode mode);

  /// Stops a running checkpoint between two pages, or the next one if none
  /// runs. May be called from any thread.
  void interrupt() noexcept;

  /// Syncs the file: a checkpoint does so only if it has copied all of the log.
  /// Errors: `ec::io_error`; then `is_index_suspect` holds.
  [[nodiscard]] caf::error sync_file();

  /// Returns how much of the log has been copied, without a system call;
  /// nothing if the VFS does not tell.
  std::optional<log_progress> progress() const;

  /// Records what a `log_copier` of this process has done. `is_index_suspect`
  /// is the copier's.
  void note_copy(bool is_index_suspect);

  /// Records which files are open, for the functions below. Called when the log
  /// has been read. `lock` is that of the owner, `bytes` the size of the file
  /// when it was open before, 0 if it was not.
  void watch_files(const owner_lock* lock, uint64_t bytes) {
    files_.install(handle(), options().path, lock, bytes);
  }

  /// Which files are open.
  const known_files& files() const {
    return files_.files();
  }

  /// Checks that the open write transaction will be found under the file's name
  /// once it is committed, and that this process is still its owner. Errors:
  /// `ec::file_replaced`, `ec::corrupt`, `ec::cannot_open`.
  [[nodiscard]] caf::error check_before_commit() {
    return files_.check_before_commit();
  }

  /// Checks that the written data can be found under the file's name, and that
  /// the index of the log can be used for a checkpoint; outside of a
  /// transaction. Errors: those of `check_before_commit`, and `ec::io_error`.
  [[nodiscard]] caf::error check_files();

  /// As `check_files`, and checks that this process is still the owner.
  [[nodiscard]] caf::error check_before_checkpoint();

  /// Returns whether the log's name is gone and the log can be rescued: the
  /// file still has its name, and no other program has another log.
  bool is_log_lost() const {
    return !in_transaction() && !is_file_replaced() && files_.is_log_lost();
  }

  /// Copies as much as possible of a log whose name is gone into the file, so
  /// that no acknowledged write is lost: all of it, if no other connection
  /// reads any more.
  void rescue_log() noexcept;

  /// Returns whether the index of the log is unreliable, because a sync of the
  /// file has failed in a checkpoint, or because the log does not contain what
  /// was committed. Then every connection must be closed, so that the next one
  /// rebuilds the index from the log; see `reader_gate`.
  bool is_index_suspect() const {
    return is_index_suspect_;
  }

  /// Makes closing leave the log as it is. A failed connection may have wrong
  /// information about it, and copying it would then damage the file.
  void keep_wal() noexcept;

  /// Looks for damage and, where foreign keys are enforced, for rows that
  /// violate them, all in one snapshot. Stops at the run deadline.
  [[nodiscard]] caf::expected<integrity_report> check(bool quick);

  // -- observers ----------------------------------------------------------------

  bool in_transaction() const;

  /// Whether pages of the transaction that `begin_immediate` started last went
  /// into the log before its commit, because the page cache had no room for
  /// them. Such a transaction must not be undone in part, by a savepoint or by
  /// a statement that fails: up to 3.53.0 SQLite may then commit frames without
  /// checksums, and recovery drops that commit and all that follow it
  /// (https://sqlite.org/forum/forumpost/b490f726db).
  bool has_spilled() const;

  /// Keeps all pages of later transactions in memory, or lets them spill again;
  /// outside of a transaction only.
  [[nodiscard]] caf::error keep_pages(bool on);

  /// Returns whether pages are kept and take more than 16 times the page cache,
  /// the limit for a transaction that must not spill.
  bool keeps_too_much() const;

  /// Whether a commit would fail because of a deferred foreign key.
  bool has_unresolved_foreign_keys() const;

  /// Returns the page size in bytes; 0 if it cannot be read.
  int64_t page_size();

  /// Returns whether the file was deleted, renamed or replaced since it was
  /// opened: further writes are lost then.
  bool is_file_replaced() const;

private:
  explicit connection(const connection_options& options);

  caf::error set_up(const std::string& path);

  caf::error add_problems(std::string_view pragma, bool are_foreign_keys,
                          integrity_report& report);

  caf::error perform(control what);

  caf::expected<checkpoint_receipt> copy_log(checkpoint_mode mode);

  int run_control(control what) noexcept;

  int count_spills() const;

  caf::error check_spilled_frames(int64_t pages_before);

  control_statements control_;
  file_guard files_;
  int spills_before_ = 0;
  bool keeps_pages_ = false;
  bool is_index_suspect_ = false;
};

} // namespace onewriter::sqlite
