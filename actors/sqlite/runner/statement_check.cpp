#include "actors/sqlite/runner/statement_check.hpp"

#include "actors/sqlite/access/pragma_rules.hpp"
#include "actors/sqlite/base/errors.hpp"
#include "actors/sqlite/base/sql_text.hpp"
#include "actors/text/utf8.hpp"

#include <sqlite3.h>

#include <string>

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

caf::error check_text(std::string_view sql, uint64_t max_bytes) {
  if (sql.size() > max_bytes)
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

caf::error check_effect(sqlite3_stmt* stmt, std::string_view sql, role whose,
                        const authorizer& asked) {
  if (sqlite3_stmt_readonly(stmt) != 0)
    return {};
  if (whose != role::writer)
    return make_error(ec::not_a_query,
                      "the statement would change the database: send it as a "
                      "write",
                      sql);
  // The authorizer is not told the new name of a table.
  if (asked.first_action() == SQLITE_ALTER_TABLE && holds_reserved(sql))
    return make_error(ec::not_allowed,
                      "names that begin with onewriter_ are for its own "
                      "tables: choose another name",
                      sql);
  // Nor is it asked about VACUUM, or about IF NOT EXISTS and IF EXISTS if there
  // is nothing to do.
  auto verb = first_word(sql);
  auto has_nothing_to_do
    = is_same_name(verb, "CREATE") || is_same_name(verb, "DROP");
  if (asked.first_action() == 0 && !has_nothing_to_do)
    return make_error(ec::not_allowed,
                      "VACUUM is not allowed: it cannot run in a transaction; "
                      "PRAGMA incremental_vacuum can",
                      sql);
  return {};
}

} // namespace onewriter::sqlite
