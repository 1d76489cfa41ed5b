#include "actors/sqlite/base/rows.hpp"

#include "actors/sqlite/base/values.hpp"

#include <sqlite3.h>

#include <utility>

namespace onewriter::sqlite {

namespace {

// Null if there is no type, or no memory.
std::string string_of(const char* x) {
  return x == nullptr ? std::string{} : std::string{x};
}

bool row_bytes(sqlite3_stmt* stmt, int columns, uint64_t& sum) {
  sum = sizeof(row);
  for (int i = 0; i < columns; ++i)
    if (!cell_bytes(stmt, i, sum))
      return false;
  return true;
}

row read_row(sqlite3_stmt* stmt, int columns) {
  row result;
  result.cells.reserve(static_cast<size_t>(columns));
  for (int i = 0; i < columns; ++i)
    result.cells.push_back(read_cell(stmt, i));
  return result;
}

} // namespace

void read_columns(sqlite3_stmt* stmt, result_set& result) {
  auto count = sqlite3_column_count(stmt);
  result.columns.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i)
    result.columns.push_back({string_of(sqlite3_column_name(stmt, i)),
                              string_of(sqlite3_column_decltype(stmt, i))});
}

row_state read_rows(sqlite3_stmt* stmt, const result_limits& limits,
                    result_set& result) {
  auto columns = sqlite3_column_count(stmt);
  auto total = uint64_t{result.bytes()};
  for (auto rc = SQLITE_ROW; rc != SQLITE_DONE; rc = sqlite3_step(stmt)) {
    if (rc != SQLITE_ROW)
      return row_state::failed;
    uint64_t bytes = 0;
    if (!row_bytes(stmt, columns, bytes))
      return row_state::failed;
    if (result.rows.empty() && total + bytes > limits.max_bytes)
      return row_state::too_big;
    if (total + bytes > limits.max_bytes
        || result.rows.size() >= limits.max_rows)
      return row_state::more;
    total += bytes;
    result.rows.push_back(read_row(stmt, columns));
  }
  return row_state::done;
}

} // namespace onewriter::sqlite
