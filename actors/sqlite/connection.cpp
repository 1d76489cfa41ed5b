#include "actors/sqlite/connection.hpp"

#include "actors/sqlite/access/pragma_rules.hpp"
#include "actors/sqlite/base/errors.hpp"
#include "actors/sqlite/base/sql_text.hpp"
#include "actors/sqlite/file/files.hpp"
#include "actors/sqlite/open_database.hpp"
#include "actors/sqlite/own_work.hpp"
#include "actors/text/utf8.hpp"

#include <sqlite3.h>

#include <utility>

namespace onewriter::sqlite {

namespace {

// Returns whether `sql` may contain a name that begins with "onewriter_": it
// can only be spelled letter by letter.
bool holds_reserved(std::string_view sql) {
  constexpr std::string_view prefix = "onewriter_";
  for (; sql.size() >= prefix.size(); sql.remove_prefix(1))
    if (is_same_name(sql.substr(0, prefix.size()), prefix))
      return true;
  return false;
}

} // namespace

// -- opening and closing --------------------------------------------------------

caf::expected<std::unique_ptr<connection>>
connection::open(const connection_options& options) {
  auto path = check_path(options);
  if (!path)
    return path.error();
  auto result = std::unique_ptr<connection>{new connection(options)};
  result->options_.path = *path;
  auto err = result->set_up();
  if (err == caf::none)
    return result;
  // The file system often knows better than SQLite's "unable to open".
  auto code = code_of(err);
  if (code == ec::cannot_open || code == ec::read_only) {
    auto reason = explain_access(*path, options.role == role::writer);
    if (reason != caf::none)
      return reason;
  }
  return err;
}

connection::connection(const connection_options& options)
  : options_{options},
    authorizer_{options.role},
    user_statements_{options.statement_cache},
    own_statements_{options.statement_cache} {
  // nop
}

connection::~connection() {
  rollback();
}

caf::error connection::set_up() {
  auto db = open_database(options_);
  if (!db)
    return db.error();
  db_ = std::move(*db);
  authorizer_.install(handle());
  auto all_is_allowed = own_work{*this};
  auto err = harden(handle(), options_);
  if (err == caf::none)
    err = apply_pragmas(handle(), options_);
  if (err == caf::none)
    err = control_.prepare(handle());
  // After the PRAGMA for automatic checkpoints, which removes the hook.
  log_.install(handle());
  clock_.install(handle(), options_.stop);
  return err;
}

caf::error connection::close() {
  rollback();
  user_statements_.clear();
  own_statements_.clear();
  control_.clear();
  auto rc = sqlite3_close(handle());
  if (rc != SQLITE_OK)
    return make_error(handle(), rc);
  static_cast<void>(db_.release());
  return {};
}

// -- statements -----------------------------------------------------------------

caf::expected<result_set> connection::run(const statement& what,
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

caf::expected<prepared_statement> connection::prepare(std::string_view sql) {
  auto err = check_text(sql);
  if (err != caf::none)
    return err;
  authorizer_.preparing();
  auto made = compile(sql);
  authorizer_.prepared();
  if (authorizer_.take_schema_change() && made)
    made->note_schema_change();
  if (made)
    err = check_effect(made->get(), sql);
  if (made && err == caf::none)
    err = made->check_numbering();
  if (err != caf::none)
    return err;
  return made;
}

caf::error connection::check_text(std::string_view sql) const {
  if (sql.size() > options_.max_value_bytes)
    return make_error(ec::too_big, "the SQL is over the size limit", sql);
  if (sql.find('\0') != std::string_view::npos)
    return make_error(ec::invalid_sql,
                      "the SQL holds a NUL, where SQLite would stop reading",
                      {});
  if (!is_valid_utf8(sql))
    return make_error(ec::invalid_text, "the SQL is not valid UTF-8", {});
  if (is_blank(sql))
    return make_error(ec::empty_statement, "the statement holds no SQL", sql);
  return {};
}

caf::expected<prepared_statement> connection::compile(std::string_view sql) {
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

caf::error connection::check_effect(sqlite3_stmt* stmt,
                                    std::string_view sql) const {
  if (sqlite3_stmt_readonly(stmt) != 0)
    return {};
  if (options_.role == role::reader)
    return make_error(ec::not_a_query,
                      "the statement would change the database: send it as a "
                      "write",
                      sql);
  // The authorizer is not told the new name of a table.
  if (authorizer_.first_action() == SQLITE_ALTER_TABLE && holds_reserved(sql))
    return make_error(ec::not_allowed,
                      "names that begin with onewriter_ are for its own "
                      "tables: choose another name",
                      sql);
  // Nor is it asked about VACUUM, or about IF NOT EXISTS and IF EXISTS if there
  // is nothing to do.
  auto verb = first_word(sql);
  auto has_nothing_to_do
    = is_same_name(verb, "CREATE") || is_same_name(verb, "DROP");
  if (authorizer_.first_action() == 0 && !has_nothing_to_do)
    return make_error(ec::not_allowed,
                      "VACUUM is not allowed: it cannot run in a transaction; "
                      "PRAGMA incremental_vacuum can",
                      sql);
  return {};
}

caf::expected<result_set>
connection::run_trusted(const result_limits& limits, std::string_view sql,
                        const value* values, size_t count, bool may_quote) {
  auto result = run_own(limits, sql, values, count, may_quote);
  if (!result)
    return explain_own_failure(result.error());
  return result;
}

caf::expected<result_set>
connection::run_own(const result_limits& limits, std::string_view sql,
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

caf::expected<result_set> connection::step(prepared_statement& stmt,
                                           const result_limits& limits,
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

caf::error connection::execute_internal(const char* script) {
  auto all_is_allowed = own_work{*this};
  auto rc = sqlite3_exec(handle(), script, nullptr, nullptr, nullptr);
  return rc == SQLITE_OK ? caf::error{} : failed(rc, script);
}

} // namespace onewriter::sqlite
