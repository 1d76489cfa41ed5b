#include "actors/sqlite/log_monitor.hpp"

#include <sqlite3.h>

namespace onewriter::sqlite {

void log_monitor::install(sqlite3* db) {
  sqlite3_wal_hook(db, &log_monitor::committed, this);
}

int log_monitor::committed(void* self, sqlite3*, const char*, int pages) {
  static_cast<log_monitor*>(self)->pages_ = pages;
  return SQLITE_OK;
}

} // namespace onewriter::sqlite
