#pragma once

#include "tests/catch.hpp"

#include <string>

#include <sqlite3.h>

namespace onewriter::test {

/// An external connection to a database, which bypasses onewriter.
class external_connection {
public:
  explicit external_connection(const std::string& path) {
    if (sqlite3_open(path.c_str(), &db_) != SQLITE_OK)
      FAIL("an external connection cannot open " + path);
    // The writer may be busy.
    sqlite3_busy_timeout(db_, 30'000);
  }

  external_connection(const external_connection&) = delete;

  external_connection& operator=(const external_connection&) = delete;

  ~external_connection() {
    sqlite3_close(db_);
  }

  void run(const char* sql) {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
      FAIL(sqlite3_errmsg(db_));
  }

private:
  sqlite3* db_ = nullptr;
};

} // namespace onewriter::test
