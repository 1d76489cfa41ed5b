#pragma once

#include "tests/catch.hpp"

#include <string>

#include <sqlite3.h>

namespace onewriter::test {

/// Another program: a connection to a database of its own, past all that
/// onewriter does.
class stranger {
public:
  explicit stranger(const std::string& path) {
    if (sqlite3_open(path.c_str(), &db_) != SQLITE_OK)
      FAIL("the stranger cannot open " + path);
    // The writer may have work of its own just now.
    sqlite3_busy_timeout(db_, 30'000);
  }

  stranger(const stranger&) = delete;

  stranger& operator=(const stranger&) = delete;

  ~stranger() {
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
