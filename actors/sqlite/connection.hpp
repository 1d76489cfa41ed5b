#pragma once

#include "actors/sqlite/authorizer.hpp"
#include "actors/sqlite/connection_options.hpp"
#include "actors/sqlite/control_statements.hpp"
#include "actors/sqlite/file_guard.hpp"
#include "actors/sqlite/handles.hpp"
#include "actors/sqlite/statement_cache.hpp"
#include "actors/sqlite/statement_deadline.hpp"
#include "actors/sqlite/wal_monitor.hpp"
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
  /// Copies what can be copied without waiting for anybody.
  passive,
  /// Waits, at most the busy timeout, so that the log starts anew.
  restart,
  /// Also cuts the log's file to nothing.
  truncate,
};

/// A connection to a SQLite file, used by one thread at a time: by the actor
/// that owns it. After an error for which `is_fatal` holds, the only thing left
/// to do is to close it.
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

  /// Rolls back what is open, lets go of all statements and closes the file; a
  /// writer that is the last to leave copies the log into the file and removes
  /// it. An error says that the file is still open. Cursors and backups of the
  /// connection have to be gone. Nothing else may be called afterwards.
  [[nodiscard]] caf::error close();

  // -- statements ---------------------------------------------------------------

  /// Runs one statement of a user. Its rows are in the result as far as
  /// `limits` allow; without any there are no columns either where the
  /// statement cannot return rows.
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

  /// Runs one statement of onewriter's own, with values by position. It may do
  /// what users may not. `sql` should be a literal: it is kept in a cache of
  /// its own.
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

  /// The same, for values that a caller may see again in an error: parts of a
  /// search expression that SQLite quotes, which `run_internal` would leave
  /// out.
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

  /// Whether that deadline has passed.
  bool is_past_deadline() const {
    return clock_.is_past();
  }

  // -- transactions -------------------------------------------------------------

  /// Starts a transaction that writes. Errors: `ec::busy`.
  [[nodiscard]] caf::error begin_immediate();

  /// Starts a transaction that reads, and fixes what it sees.
  [[nodiscard]] caf::error begin_read();

  /// Ends the transaction. An `ec::io_error` says also that SQLite has left out
  /// checksums, see `has_spilled`: then `is_index_suspect` holds. Where
  /// `in_transaction` still holds after an error
  /// (`ec::constraint_violated` by a deferred foreign key, `ec::busy`), nothing
  /// has happened; otherwise the outcome of an `ec::io_error` is unknown.
  [[nodiscard]] caf::error commit();

  /// Undoes the transaction, if there is one.
  void rollback() noexcept;

  /// Starts a transaction within the transaction; they nest.
  [[nodiscard]] caf::error savepoint();

  /// Ends the innermost savepoint and keeps what was done in it.
  [[nodiscard]] caf::error release_savepoint();

  /// Ends the innermost savepoint and undoes what was done in it.
  [[nodiscard]] caf::error rollback_to_savepoint();

  // -- what users do to the schema ----------------------------------------------

  /// Forgets what was done to the schema so far.
  void watch_schema() {
    schema_changed_ = false;
  }

  /// Whether a statement of a user has changed the schema since `watch_schema`.
  bool has_changed_schema() const {
    return schema_changed_;
  }

  /// Whether what was done to the schema since `watch_schema` can stay: see
  /// `find_violation`. Costs nothing where nothing was done. Errors:
  /// `ec::not_allowed`, which names what cannot, and those of `run`.
  [[nodiscard]] caf::error check_schema();

  // -- maintenance --------------------------------------------------------------

  /// Copies the log into the file. For writers outside of a transaction only.
  /// Being blocked by readers is not an error but part of the receipt. Errors:
  /// as for `check_before_checkpoint`, and those that are fatal.
  [[nodiscard]] caf::expected<checkpoint_receipt>
  checkpoint(checkpoint_mode mode);

  /// Remembers which files are open, to be asked about by the functions below:
  /// called when the log has been read. `lock` is that of the owner, `bytes`
  /// the size of the file when it was open before, 0 where it was not.
  void watch_files(const owner_lock* lock, uint64_t bytes) {
    files_.install(handle(), options_.path, lock, bytes);
  }

  /// Which files are open.
  const known_files& files() const {
    return files_.files();
  }

  /// Whether the open transaction, which writes, can be found under the file's
  /// name once it is committed, and this is still its owner. Errors:
  /// `ec::file_replaced`, `ec::corrupt`, `ec::cannot_open`.
  [[nodiscard]] caf::error check_before_commit() {
    return files_.check_before_commit();
  }

  /// Whether what was written can be found under the file's name, and the index
  /// of the log is fit to tell what is to be copied into the file; outside of a
  /// transaction. Errors: those of `check_before_commit`, and `ec::io_error`.
  [[nodiscard]] caf::error check_files();

  /// As `check_files`, and whether this is still the owner.
  [[nodiscard]] caf::error check_before_checkpoint();

  /// Whether the log's name is gone, and the log can be rescued: the file has
  /// still its own, and no other program another log.
  bool is_log_lost() const {
    return !in_transaction() && !is_file_replaced() && files_.is_log_lost();
  }

  /// Copies what it can of a log whose name is gone into the file, so that
  /// nothing is lost that was acknowledged: all of it, where no other
  /// connection reads any more.
  void rescue_log() noexcept;

  /// Whether the index of the log cannot be relied on, because a sync of the
  /// file has failed in a checkpoint, or because the log does not hold what was
  /// committed: every connection has to be closed, so that the next one makes
  /// the index from the log; see `reader_gate`.
  bool is_index_suspect() const {
    return is_index_suspect_;
  }

  /// Makes closing leave the log as it is. What a failed connection believes
  /// about it may be wrong, and copying it then would spoil the file.
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

  /// Rowid of the last INSERT into a rowid table, by whoever; 0 after
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

  /// Keeps all pages of the transactions that follow in memory, or lets them
  /// spill again; outside of a transaction only.
  [[nodiscard]] caf::error keep_pages(bool on);

  /// Whether pages are kept, and take more than 16 times the page cache: what a
  /// transaction may take that must not spill.
  bool keeps_too_much() const;

  /// Whether a commit would fail because of a deferred foreign key.
  bool has_unresolved_foreign_keys() const;

  /// Result code of the last call (https://sqlite.org/rescode.html).
  int last_extended_code() const;

  /// Pages in the log after the last commit of this connection, 0 before it and
  /// after a checkpoint that copied all of them.
  int64_t wal_pages() const {
    return log_.pages();
  }

  /// Bytes of a page; 0 where they cannot be read.
  int64_t page_size();

  /// Whether the file was deleted, renamed or replaced since it was opened:
  /// whatever is written is lost then.
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
  // What onewriter asks for itself has its limit in the SQL.
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
  // Apart, so that a text that we may run is not found by a user.
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
