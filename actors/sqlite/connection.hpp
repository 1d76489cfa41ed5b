#pragma once

#include "actors/sqlite/access/authorizer.hpp"
#include "actors/sqlite/access/connection_options.hpp"
#include "actors/sqlite/base/handles.hpp"
#include "actors/sqlite/file/file_guard.hpp"
#include "actors/sqlite/file/wal_monitor.hpp"
#include "actors/sqlite/statement/control_statements.hpp"
#include "actors/sqlite/statement/statement_cache.hpp"
#include "actors/sqlite/statement/statement_deadline.hpp"
#include "onewriter/maintenance.hpp"
#include "onewriter/query.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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

/// A connection to a SQLite file, used by one thread at a time: by the actor
/// that owns it. After an error for which `is_fatal` holds, it can only be
/// closed.
class connection {
public:
  // -- opening and closing ------------------------------------------------------

  /// Opens a file, sets every option and reads it back. Errors: `ec::busy` (try
  /// again), `ec::cannot_open`, `ec::read_only`, `ec::not_a_database`,
  /// `ec::corrupt`, `ec::no_write_ahead_log`, `ec::network_file_system`,
  /// `ec::invalid_argument`, `ec::disk_full`, `ec::io_error`.
  static caf::expected<std::unique_ptr<connection>>
  open(const connection_options& options);

  connection(const connection&) = delete;

  connection& operator=(const connection&) = delete;

  ~connection();

  /// Rolls back an open transaction, finalizes all statements and closes the
  /// file. A writer that is the last connection copies the log into the file
  /// and removes it. After an error the file is still open. Cursors and backups
  /// of the connection must have been destroyed. Nothing else may be called
  /// afterwards.
  [[nodiscard]] caf::error close();

  // -- statements ---------------------------------------------------------------

  /// Runs one statement of a user. Its rows are in the result as far as
  /// `limits` allow. A statement that cannot return rows has no columns either.
  ///
  /// A statement that fails may have changed something, or ended the
  /// transaction (ask `in_transaction`): run it inside a savepoint. Errors:
  /// `ec::invalid_sql`, `ec::empty_statement`, `ec::multiple_statements`,
  /// `ec::invalid_parameters`, `ec::not_allowed` (a writer), `ec::not_a_query`
  /// (a reader), `ec::constraint_violated`, `ec::too_big`, `ec::invalid_text`,
  /// `ec::not_a_number`, `ec::run_limit_exceeded` (a writer),
  /// `ec::deadline_exceeded` (a reader), `ec::busy`, and those that are fatal.
  [[nodiscard]] caf::expected<result_set> run(const statement& what,
                                              const result_limits& limits);

  /// Runs one of onewriter's own statements, with values by position. It may do
  /// what users may not. `sql` should be a literal: it is kept in a separate
  /// cache.
  template <class... Ts>
  [[nodiscard]] caf::expected<result_set>
  run_internal(std::string_view sql, Ts&&... xs) {
    if constexpr (sizeof...(Ts) == 0) {
      return run_trusted(no_limits, sql, nullptr, 0);
    } else {
      const value values[] = {value{std::forward<Ts>(xs)}...};
      return run_trusted(no_limits, sql, values, sizeof...(Ts));
    }
  }

  /// The same, for values that may appear in an error: parts of a search
  /// expression that SQLite quotes, which `run_internal` would omit.
  template <class... Ts>
  [[nodiscard]] caf::expected<result_set>
  run_internal_quoting(std::string_view sql, Ts&&... xs) {
    const value values[] = {value{std::forward<Ts>(xs)}...};
    return run_trusted(no_limits, sql, values, sizeof...(Ts), true);
  }

  /// Like `run_internal`, with rows as far as `limits` allow.
  template <class... Ts>
  [[nodiscard]] caf::expected<result_set>
  run_internal_within(const result_limits& limits, std::string_view sql,
                      Ts&&... xs) {
    const value values[] = {value{std::forward<Ts>(xs)}...};
    return run_trusted(limits, sql, values, sizeof...(Ts));
  }

  /// Runs the statements of `script`, which have no parameters and whose rows
  /// are dropped, up to the first that fails.
  [[nodiscard]] caf::error execute_internal(const char* script);

  /// Sets when statements are stopped, until it is set again: `run` and
  /// `run_internal` then fail with `ec::run_limit_exceeded` (a writer), whereby
  /// a statement that writes takes the whole transaction with it, or
  /// `ec::deadline_exceeded` (a reader). Transaction control is never stopped.
  void
  set_run_deadline(std::optional<statement_deadline::time_point> deadline) {
    clock_.set(deadline);
  }

  /// Returns whether that deadline has passed.
  bool is_past_deadline() const {
    return clock_.is_past();
  }

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

  // -- what users do to the schema ----------------------------------------------

  /// Forgets earlier changes of the schema.
  void watch_schema() {
    schema_changed_ = false;
  }

  /// Whether a statement of a user has changed the schema since `watch_schema`.
  bool has_changed_schema() const {
    return schema_changed_;
  }

  /// Checks whether the changes of the schema since `watch_schema` are allowed:
  /// see `find_violation`. Free if there were none. Errors: `ec::not_allowed`,
  /// which names the violation, and those of `run`.
  [[nodiscard]] caf::error check_schema();

  // -- maintenance --------------------------------------------------------------

  /// Copies the log into the file. For writers outside of a transaction only.
  /// Being blocked by readers is not an error but part of the receipt. Errors:
  /// as for `check_before_checkpoint`, and those that are fatal.
  [[nodiscard]] caf::expected<checkpoint_receipt>
  checkpoint(checkpoint_mode mode);

  /// Records which files are open, for the functions below. Called when the log
  /// has been read. `lock` is that of the owner, `bytes` the size of the file
  /// when it was open before, 0 if it was not.
  void watch_files(const owner_lock* lock, uint64_t bytes) {
    files_.install(handle(), options_.path, lock, bytes);
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

  const connection_options& options() const {
    return options_;
  }

  /// Rows that the last INSERT, UPDATE or DELETE changed itself, without
  /// triggers and foreign key actions (https://sqlite.org/c3ref/changes.html).
  int64_t changes() const;

  /// Rows that all statements since `open` changed, triggers and foreign key
  /// actions included.
  int64_t total_changes() const;

  /// Rowid of the last INSERT into a rowid table on this connection; 0 after
  /// `clear_last_insert_rowid`.
  int64_t last_insert_rowid() const;

  void clear_last_insert_rowid();

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

  /// Result code of the last call (https://sqlite.org/rescode.html).
  int last_extended_code() const;

  /// Returns the pages in the log after the last commit of this connection, 0
  /// before it and after a checkpoint that copied all of them.
  int64_t wal_pages() const {
    return log_.pages();
  }

  /// Returns the page size in bytes; 0 if it cannot be read.
  int64_t page_size();

  /// Returns whether the file was deleted, renamed or replaced since it was
  /// opened: further writes are lost then.
  bool is_file_replaced() const;

  // -- for actors/sqlite/ only ----------------------------------------------------

  sqlite3* handle() const {
    return db_.get();
  }

  /// Prepares one statement of a user and checks it, without the cache.
  [[nodiscard]] caf::expected<prepared_statement> prepare(std::string_view sql);

  /// Makes the error of a statement that failed with `extended_code`, leaving
  /// out what `values` hold.
  caf::error failed(int extended_code, std::string_view sql,
                    const value* values = nullptr, size_t count = 0);

private:
  // onewriter's own queries have their limits in the SQL.
  static constexpr auto no_limits = result_limits{UINT64_MAX, UINT64_MAX};

  explicit connection(const connection_options& options);

  class own_work;

  caf::error set_up();

  caf::expected<prepared_statement> compile(std::string_view sql);

  caf::error check_text(std::string_view sql) const;

  caf::error check_effect(sqlite3_stmt* stmt, std::string_view sql) const;

  caf::expected<prepared_statement*> take_from_cache(std::string_view sql);

  caf::expected<result_set>
  run_trusted(const result_limits& limits, std::string_view sql,
              const value* values, size_t count, bool may_quote = false);

  caf::expected<result_set> step(prepared_statement& stmt,
                                 const result_limits& limits,
                                 const value* values, size_t count);

  caf::expected<result_set> run_own(const result_limits& limits,
                                    std::string_view sql, const value* values,
                                    size_t count, bool may_quote);

  caf::error explain_own_failure(const caf::error& err);

  caf::error without_values(const caf::error& err, const value* values,
                            size_t count);

  caf::error cannot_prepare(int extended_code, std::string_view sql);

  caf::error refused(const caf::error& err);

  caf::error explain_full(const caf::error& err);

  caf::error add_problems(std::string_view pragma, bool are_foreign_keys,
                          integrity_report& report);

  caf::error perform(control what);

  caf::expected<checkpoint_receipt> copy_log(checkpoint_mode mode);

  int run_control(control what) noexcept;

  int count_spills() const;

  caf::error check_spilled_frames(int64_t pages_before);

  connection_options options_;
  authorizer authorizer_;
  statement_deadline clock_;
  wal_monitor log_;
  // Closed after all of its statements.
  database_ptr db_;
  control_statements control_;
  // Separate, so that users cannot reuse onewriter's own statements.
  statement_cache user_statements_;
  statement_cache own_statements_;
  file_guard files_;
  int spills_before_ = 0;
  bool keeps_pages_ = false;
  bool is_index_suspect_ = false;
  bool schema_changed_ = false;
  bool is_explaining_ = false;
};

} // namespace onewriter::sqlite
