#include "actors/sqlite/statement/query_scalar.hpp"

#include "actors/sqlite/base/errors.hpp"
#include "actors/sqlite/base/handles.hpp"

#include <sqlite3.h>

namespace onewriter::sqlite {

caf::expected<std::string> query_scalar(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  auto rc = sqlite3_prepare_v2(db, sql.c_str(), -1, &raw, nullptr);
  auto stmt = statement_ptr{raw};
  if (rc != SQLITE_OK)
    return make_error(db, rc, sql);
  std::string result;
  while ((rc = sqlite3_step(raw)) == SQLITE_ROW)
    if (auto text = sqlite3_column_text(raw, 0))
      result = reinterpret_cast<const char*>(text);
  if (rc != SQLITE_DONE)
    return make_error(db, rc, sql);
  return result;
}

} // namespace onewriter::sqlite
