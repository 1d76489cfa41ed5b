#include "actors/sqlite/base/values.hpp"

#include <sqlite3.h>

#include <utility>

namespace onewriter::sqlite {

namespace {

struct binder {
  sqlite3_stmt* stmt;
  int index;

  int operator()(null) const {
    return sqlite3_bind_null(stmt, index);
  }

  int operator()(int64_t x) const {
    return sqlite3_bind_int64(stmt, index, x);
  }

  int operator()(double x) const {
    return sqlite3_bind_double(stmt, index, x);
  }

  int operator()(const std::string& x) const {
    return sqlite3_bind_text64(stmt, index, x.data(), x.size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  }

  // A null pointer would be NULL, and an empty vector may have one.
  int operator()(const blob& x) const {
    if (x.empty())
      return sqlite3_bind_zeroblob(stmt, index, 0);
    return sqlite3_bind_blob64(stmt, index, x.data(), x.size(), SQLITE_STATIC);
  }
};

size_t size_of_cell(sqlite3_stmt* stmt, int column) {
  return static_cast<size_t>(sqlite3_column_bytes(stmt, column));
}

value read_text(sqlite3_stmt* stmt, int column) {
  // The text first: it may have to be converted before it has a size
  // (https://sqlite.org/c3ref/column_blob.html).
  auto text = sqlite3_column_text(stmt, column);
  auto size = size_of_cell(stmt, column);
  return std::string{reinterpret_cast<const char*>(text), size};
}

value read_blob(sqlite3_stmt* stmt, int column) {
  auto first = static_cast<const std::byte*>(sqlite3_column_blob(stmt, column));
  return blob(first, first + size_of_cell(stmt, column));
}

} // namespace

int bind_value(sqlite3_stmt* stmt, int index, const value& x) {
  return std::visit(binder{stmt, index}, x.data);
}

bool cell_bytes(sqlite3_stmt* stmt, int column, uint64_t& sum) {
  sum += sizeof(value);
  switch (sqlite3_column_type(stmt, column)) {
    case SQLITE_TEXT:
      // Null if there is no memory for a conversion.
      if (sqlite3_column_text(stmt, column) == nullptr)
        return false;
      break;
    case SQLITE_BLOB:
      break;
    default:
      return true;
  }
  sum += size_of_cell(stmt, column);
  return true;
}

value read_cell(sqlite3_stmt* stmt, int column) {
  switch (sqlite3_column_type(stmt, column)) {
    case SQLITE_INTEGER:
      return int64_t{sqlite3_column_int64(stmt, column)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(stmt, column);
    case SQLITE_TEXT:
      return read_text(stmt, column);
    case SQLITE_BLOB:
      return read_blob(stmt, column);
    default:
      return null{};
  }
}

} // namespace onewriter::sqlite
