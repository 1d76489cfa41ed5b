#include "actors/sqlite/runner/statement_runner.hpp"

#include "actors/sqlite/base/errors.hpp"
#include "actors/sqlite/base/sql_text.hpp"
#include "actors/sqlite/runner/open_database.hpp"
#include "actors/sqlite/runner/own_work.hpp"
#include "actors/sqlite/runner/statement_check.hpp"

#include <sqlite3.h>

#include <utility>

namespace onewriter::sqlite {

// -- opening and closing --------------------------------------------------------

statement_runner::statement_runner(const connection_options& options)
  : options_{options},
    authorizer_{options.role},
    user_statements_{options.statement_cache},
    own_statements_{options.statement_cache} {
  // nop
}

caf::error statement_runner::open_file(const std::string& path) {
  options_.path = path;
  auto db = open_database(options_);
  if (!db)
    return db.error();
  db_ = std::move(*db);
  authorizer_.install(handle());
  auto all_is_allowed = own_work{*this};
  auto err = harden(handle(), options_);
  return err == caf::none ? apply_pragmas(handle(), options_) : err;
}

// Comes after the PRAGMA for automatic checkpoints, which removes the hook.
void statement_runner::install_hooks() {
  log_.install(handle());
  clock_.install(handle(), options_.stop, options_.closing);
}

caf::error statement_runner::close_file() {
  user_statements_.clear();
  own_statements_.clear();
  auto rc = sqlite3_close(handle());
  if (rc != SQLITE_OK)
    return make_error(handle(), rc);
  static_cast<void>(db_.release());
  return {};
}

// -- statements -----------------------------------------------------------------

caf::expected<result_set> statement_runner::run(const statement& what,
                                                const result_limits& limits) {
  auto stmt = user_statements_.find(what.sql);
  if (stmt == nullptr) {
    auto made = prepare(what.sql);
    if (!made)
      return std::move(made.error());
    stmt = &user_statements_.insert(std::move(*made));
  }
  auto guard = unbind_guard{*stmt};
  auto err = stmt->bind(what, options_.max_value_bytes);
  if (err != caf::none)
    return err;
  auto result
    = step(*stmt, limits, what.parameters.data(), what.parameters.size());
  // SQLite may have prepared it again for another schema.
  if (authorizer_.take_schema_change())
    stmt->note_schema_change();
  // A failed statement undoes its changes of the schema.
  schema_changed_ |= result && stmt->changes_schema();
  return result;
}

caf::expected<prepared_statement>
statement_runner::prepare(std::string_view sql) {
  auto err = check_text(sql, options_.max_value_bytes);
  if (err != caf::none)
    return err;
  authorizer_.preparing();
  auto made = compile(sql);
  authorizer_.prepared();
  if (authorizer_.take_schema_change() && made)
    made->note_schema_change();
  if (made)
    err = check_effect(made->get(), sql, options_.role, authorizer_);
  if (made && err == caf::none)
    err = made->check_numbering();
  if (err != caf::none)
    return err;
  return made;
}

caf::expected<prepared_statement>
statement_runner::compile(std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  auto rc
    = sqlite3_prepare_v3(handle(), sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &raw, &tail);
  auto stmt = statement_ptr{raw};
  if (rc != SQLITE_OK)
    return cannot_prepare(rc, sql);
  auto rest = sql.substr(static_cast<size_t>(tail - sql.data()));
  if (!is_blank(rest))
    return make_error(ec::multiple_statements,
                      "there is a second statement after the first: pass each "
                      "as a statement of its own",
                      sql);
  if (stmt == nullptr)
    return make_error(ec::empty_statement, "the statement holds no SQL", sql);
  return prepared_statement{sql, std::move(stmt)};
}

caf::expected<result_set>
statement_runner::run_trusted(const result_limits& limits, std::string_view sql,
                              const value* values, size_t count,
                              bool may_quote) {
  auto result = run_own(limits, sql, values, count, may_quote);
  if (!result)
    return explain_own_failure(result.error());
  return result;
}

caf::expected<result_set>
statement_runner::run_own(const result_limits& limits, std::string_view sql,
                          const value* values, size_t count, bool may_quote) {
  auto all_is_allowed = own_work{*this};
  auto stmt = own_statements_.find(sql);
  if (stmt == nullptr) {
    auto made = compile(sql);
    if (!made)
      return std::move(made.error());
    stmt = &own_statements_.insert(std::move(*made));
  }
  auto guard = unbind_guard{*stmt};
  // All values that onewriter stores came from a user within the limits.
  auto err = stmt->bind(values, count, UINT64_MAX);
  if (err != caf::none)
    return err;
  return step(*stmt, limits, values, may_quote ? 0 : count);
}

caf::expected<result_set>
statement_runner::step(prepared_statement& stmt, const result_limits& limits,
                       const value* values, size_t count) {
  auto rc = sqlite3_step(stmt.get());
  // PRAGMA incremental_vacuum returns rows without columns.
  while (rc == SQLITE_ROW && !stmt.has_columns())
    rc = sqlite3_step(stmt.get());
  if (rc != SQLITE_ROW && rc != SQLITE_DONE)
    return failed(rc, stmt.sql(), values, count);
  if (!stmt.has_columns())
    return result_set{};
  auto result = result_set{};
  read_columns(stmt.get(), result);
  auto state = rc == SQLITE_DONE ? row_state::done
                                 : read_rows(stmt.get(), limits, result);
  if (state == row_state::failed)
    return failed(last_extended_code(), stmt.sql(), values, count);
  result.truncated = state == row_state::more;
  if (state == row_state::too_big
      || (result.truncated && limits.beyond == on_limit::fail))
    return make_error(ec::too_big, "the rows are over the size limit",
                      stmt.sql());
  return result;
}

caf::error statement_runner::execute_internal(const char* script) {
  auto all_is_allowed = own_work{*this};
  auto rc = sqlite3_exec(handle(), script, nullptr, nullptr, nullptr);
  return rc == SQLITE_OK ? caf::error{} : failed(rc, script);
}

// -- observers --------------------------------------------------------------------

int64_t statement_runner::changes() const {
#if SQLITE_VERSION_NUMBER >= 3037000
  return sqlite3_changes64(handle());
#else
  return sqlite3_changes(handle());
#endif
}

int64_t statement_runner::total_changes() const {
#if SQLITE_VERSION_NUMBER >= 3037000
  return sqlite3_total_changes64(handle());
#else
  return sqlite3_total_changes(handle());
#endif
}

int64_t statement_runner::last_insert_rowid() const {
  return sqlite3_last_insert_rowid(handle());
}

void statement_runner::clear_last_insert_rowid() {
  sqlite3_set_last_insert_rowid(handle(), 0);
}

int statement_runner::last_extended_code() const {
  return sqlite3_extended_errcode(handle());
}

} // namespace onewriter::sqlite
