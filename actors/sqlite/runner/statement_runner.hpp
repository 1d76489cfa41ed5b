#pragma once

#include "actors/sqlite/access/authorizer.hpp"
#include "actors/sqlite/access/connection_options.hpp"
#include "actors/sqlite/base/handles.hpp"
#include "actors/sqlite/file/wal_monitor.hpp"
#include "actors/sqlite/statement/prepared_statement.hpp"
#include "actors/sqlite/statement/statement_cache.hpp"
#include "actors/sqlite/statement/statement_deadline.hpp"
#include "onewriter/query.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace onewriter::sqlite {

/// An open file and the statements that run on it, those of users and
/// onewriter's own: the part of a `connection` that says what is allowed and
/// what an error means. Used by one thread at a time.
class statement_runner {
public:
  statement_runner(const statement_runner&) = delete;

  statement_runner& operator=(const statement_runner&) = delete;

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
  /// `ec::deadline_exceeded` (a reader), `ec::closed`, `ec::busy`, and those
  /// that are fatal.
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
  /// `ec::deadline_exceeded` (a reader). While there is a deadline, the closing
  /// of the database stops them likewise, with `ec::closed`, if they heed it.
  /// Transaction control is never stopped.
  void set_run_deadline(std::optional<statement_deadline::time_point> deadline,
                        bool heeds_closing = true) {
    clock_.set(deadline, heeds_closing);
  }

  /// Returns whether that deadline has passed.
  bool is_past_deadline() const {
    return clock_.is_past();
  }

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

  /// Result code of the last call (https://sqlite.org/rescode.html).
  int last_extended_code() const;

  /// Returns the pages in the log after the last commit of this connection, 0
  /// before it and after a checkpoint that copied all of them.
  int64_t wal_pages() const {
    return log_.pages();
  }

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

protected:
  /// While it lives, statements are onewriter's own.
  class own_work;

  explicit statement_runner(const connection_options& options);

  ~statement_runner() = default;

  /// Opens the file at `path` and sets every option.
  caf::error open_file(const std::string& path);

  /// Lets the run deadline and `wal_pages` take effect, once a file is open.
  void install_hooks();

  /// Finalizes all statements and closes the file; other statements of the
  /// handle must have been finalized.
  caf::error close_file();

  // Hooks of the handle, which they outlive.
  statement_deadline clock_;
  wal_monitor log_;

private:
  // onewriter's own queries have their limits in the SQL.
  static constexpr auto no_limits = result_limits{UINT64_MAX, UINT64_MAX};

  caf::expected<prepared_statement> compile(std::string_view sql);

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

  caf::error cannot_prepare(int extended_code, std::string_view sql);

  caf::error refused(const caf::error& err);

  caf::error interrupted(const caf::error& err);

  caf::error explain_full(const caf::error& err);

  connection_options options_;
  authorizer authorizer_;
  // Closed after all of its statements.
  database_ptr db_;
  // Separate, so that users cannot reuse onewriter's own statements.
  statement_cache user_statements_;
  statement_cache own_statements_;
  bool schema_changed_ = false;
  bool is_explaining_ = false;
};

} // namespace onewriter::sqlite
