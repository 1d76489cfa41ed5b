#include "actors/sqlite/cursor.hpp"

#include "actors/sqlite/base/errors.hpp"

#include <sqlite3.h>

#include <utility>

namespace onewriter::sqlite {

caf::expected<std::unique_ptr<cursor>> cursor::open(connection& source,
                                                    statement what) {
  auto stmt = source.prepare(what.sql);
  if (!stmt)
    return stmt.error();
  auto result = std::unique_ptr<cursor>{
    new cursor(source, std::move(what), std::move(*stmt))};
  auto err
    = result->stmt_.bind(result->what_, source.options().max_value_bytes);
  if (err != caf::none)
    return err;
  return result;
}

cursor::cursor(connection& source, statement what, prepared_statement stmt)
  : source_{source},
    what_{std::move(what)},
    stmt_{std::move(stmt)} {
  // nop
}

caf::expected<cursor_page> cursor::next(const result_limits& limits) {
  cursor_page page;
  auto err = is_done_ ? caf::error{} : read(limits, page.rows);
  if (!has_row_ && !is_done_) {
    stmt_.unbind();
    is_done_ = true;
  }
  if (err != caf::none)
    return err;
  page.last = is_done_;
  return page;
}

caf::error cursor::read(const result_limits& limits, result_set& rows) {
  auto stmt = stmt_.get();
  auto rc = std::exchange(has_row_, false) ? SQLITE_ROW : sqlite3_step(stmt);
  if (rc != SQLITE_ROW && rc != SQLITE_DONE)
    return failed(rc);
  read_columns(stmt, rows);
  if (rc == SQLITE_DONE)
    return {};
  auto state = read_rows(stmt, limits, rows);
  has_row_ = state == row_state::more;
  if (state == row_state::failed)
    return failed(source_.last_extended_code());
  if (state == row_state::too_big)
    return make_error(ec::too_big, "a row is over the size limit of a page",
                      what_.sql);
  return {};
}

caf::error cursor::failed(int extended_code) {
  return source_.failed(extended_code, what_.sql, what_.parameters.data(),
                        what_.parameters.size());
}

} // namespace onewriter::sqlite
