#pragma once

#include <string>
#include <utility>

#include <sqlite3.h>

namespace onewriter::test {

/// An external connection to a database, through SQLite. Opened when it is
/// first used, so that it can be made before the process that uses it.
class foreign_connection {
public:
  explicit foreign_connection(std::string path) : path_{std::move(path)} {
    // nop
  }

  foreign_connection(const foreign_connection&) = delete;

  foreign_connection& operator=(const foreign_connection&) = delete;

  ~foreign_connection() {
    sqlite3_close(db_);
  }

  /// Runs statements. Returns "ok" or SQLite's error text.
  std::string run(const char* sql) {
    if (db_ == nullptr && sqlite3_open(path_.c_str(), &db_) != SQLITE_OK)
      return sqlite3_errmsg(db_);
    // The writer may be busy.
    sqlite3_busy_timeout(db_, 30'000);
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
      return sqlite3_errmsg(db_);
    return "ok";
  }

private:
  std::string path_;
  sqlite3* db_ = nullptr;
};

} // namespace onewriter::test
