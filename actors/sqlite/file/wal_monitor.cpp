#include "actors/sqlite/file/wal_monitor.hpp"

#include <sqlite3.h>

namespace onewriter::sqlite {

void wal_monitor::install(sqlite3* db) {
  sqlite3_wal_hook(db, &wal_monitor::committed, this);
}

int wal_monitor::committed(void* self, sqlite3*, const char*, int pages) {
  static_cast<wal_monitor*>(self)->pages_ = pages;
  return SQLITE_OK;
}

} // namespace onewriter::sqlite
