#include "tests/strain/log_pin.hpp"

#include <sqlite3.h>

#include <filesystem>

namespace onewriter::test {

namespace fs = std::filesystem;

log_pin::log_pin(const std::string& path) {
  auto code
    = sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE, nullptr);
  if (code != SQLITE_OK)
    return;
  sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_busy_timeout(db_, 1'000);
  held_ = sqlite3_exec(db_, "BEGIN; SELECT count(*) FROM sqlite_master",
                       nullptr, nullptr, nullptr)
          == SQLITE_OK;
}

log_pin::~log_pin() {
  sqlite3_close(db_);
}

open_cursor pinning_cursor() {
  open_cursor result;
  result.what
    = query{"WITH RECURSIVE line(n) AS (SELECT count(*) FROM sqlite_master "
            "UNION ALL SELECT n + 1 FROM line) SELECT n FROM line"};
  result.what.max_rows = 1;
  result.what.deadline = std::chrono::minutes{10};
  result.idle_limit = std::chrono::minutes{10};
  return result;
}

// The log first: what a checkpoint copies later is in the log as well.
void copy_as_if_killed(const std::string& from, const std::string& to) {
  if (fs::exists(from + "-wal"))
    fs::copy_file(from + "-wal", to + "-wal");
  fs::copy_file(from, to);
}

} // namespace onewriter::test
