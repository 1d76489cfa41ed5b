// Error messages for statements that SQLite refused.

#include "actors/sqlite/base/errors.hpp"
#include "actors/sqlite/runner/own_work.hpp"
#include "actors/sqlite/runner/schema_guard.hpp"

#include <sqlite3.h>

#include <utility>

namespace onewriter::sqlite {

namespace {

// Values that a message could quote; SQLite treats blobs as text in some
// places.
std::string_view text_of(const value& x) {
  if (auto text = std::get_if<std::string>(&x.data))
    return *text;
  if (auto bytes = std::get_if<blob>(&x.data))
    return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
  return {};
}

caf::error without_values(const caf::error& err, const value* values,
                          size_t count) {
  auto what = failure_of(err);
  for (size_t i = 0; i < count; ++i)
    what.message = without_words_of(text_of(values[i]), what.sql, what.message);
  return make_failure(code_of(err), std::move(what));
}

} // namespace

caf::error statement_runner::failed(int extended_code, std::string_view sql,
                                    const value* values, size_t count) {
  auto err = make_error(handle(), extended_code, sql);
  switch (extended_code & 0xff) {
    case SQLITE_ERROR:
      return without_values(err, values, count);
    case SQLITE_AUTH:
      return refused(err);
    case SQLITE_INTERRUPT:
      return interrupted(err);
    case SQLITE_FULL:
      return explain_full(err);
    case SQLITE_NOTADB:
      return options_.role == role::writer ? as_damage(err) : err;
    default:
      return err;
  }
}

// For functions the code is not SQLITE_AUTH.
caf::error statement_runner::cannot_prepare(int extended_code,
                                            std::string_view sql) {
  auto err = failed(extended_code, sql);
  auto is_refused
    = code_of(err) == ec::invalid_sql && !authorizer_.refusal().empty();
  return is_refused ? refused(err) : err;
}

caf::error statement_runner::refused(const caf::error& err) {
  auto what = failure_of(err);
  if (!authorizer_.refusal().empty())
    what.message = authorizer_.refusal();
  authorizer_.forget_refusal();
  return make_failure(options_.role == role::reader ? ec::not_a_query
                                                    : ec::not_allowed,
                      std::move(what));
}

caf::error statement_runner::interrupted(const caf::error& err) {
  auto what = failure_of(err);
  if (clock_.is_closed()) {
    what.message = "the database was closed while the statement ran: it was "
                   "stopped, and its request has changed nothing";
    return make_failure(ec::closed, std::move(what));
  }
  return options_.role == role::reader
           ? make_failure(ec::deadline_exceeded, std::move(what))
           : err;
}

// Not only a disk can be full: AUTOINCREMENT never uses a rowid twice, so the
// row with the largest one is the last row of such a table
// (https://sqlite.org/autoinc.html).
caf::error statement_runner::explain_full(const caf::error& err) {
  auto found = run_internal("SELECT name FROM sqlite_sequence "
                            "WHERE seq = 9223372036854775807 AND "
                            "lower(substr(name, 1, 10)) <> 'onewriter_' "
                            "LIMIT 1");
  if (!found || found->rows.empty())
    return err;
  auto what = failure_of(err);
  what.message = "the table " + found->rows.front().get<std::string>(0)
                 + " has used its last rowid: AUTOINCREMENT never uses one "
                   "twice";
  return make_failure(ec::constraint_violated, std::move(what));
}

// -- what the schema does to onewriter's own tables --------------------------------

caf::error statement_runner::check_schema() {
  if (!schema_changed_)
    return {};
  auto found = find_violation(*this);
  if (!found)
    return found.error();
  if (found->empty())
    return {};
  return make_failure(ec::not_allowed,
                      *found
                        + ": the request was undone; leave it out, or drop it "
                          "first where it was there before");
}

// onewriter's own statements are correct, so if one is refused, the schema
// interferes. Either the current request or another program has changed it.
caf::error statement_runner::explain_own_failure(const caf::error& err) {
  auto code = code_of(err);
  auto may_be_schema
    = code == ec::invalid_sql || code == ec::constraint_violated;
  if (!may_be_schema || is_explaining_ || options_.role == role::reader)
    return err;
  is_explaining_ = true;
  auto found = find_obstacle(*this);
  is_explaining_ = false;
  if (!found || found->empty())
    return err;
  auto what = failure_of(err);
  what.message = *found + " (" + what.message + ")";
  if (schema_changed_)
    return make_failure(ec::not_allowed, std::move(what));
  what.message += ": drop it with another program, and open the file again";
  return make_failure(ec::cannot_open, std::move(what));
}

} // namespace onewriter::sqlite
