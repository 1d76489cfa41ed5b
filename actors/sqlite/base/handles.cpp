#include "actors/sqlite/base/handles.hpp"

#include <sqlite3.h>

namespace onewriter::sqlite {

void database_closer::operator()(sqlite3* db) const noexcept {
  sqlite3_close_v2(db);
}

void statement_closer::operator()(sqlite3_stmt* stmt) const noexcept {
  sqlite3_finalize(stmt);
}

void backup_closer::operator()(sqlite3_backup* backup) const noexcept {
  sqlite3_backup_finish(backup);
}

sqlite3_file* file_of(sqlite3* db, int op) {
  sqlite3_file* result = nullptr;
  if (db == nullptr)
    return nullptr;
  sqlite3_file_control(db, "main", op, &result);
  return result != nullptr && result->pMethods != nullptr ? result : nullptr;
}

} // namespace onewriter::sqlite
