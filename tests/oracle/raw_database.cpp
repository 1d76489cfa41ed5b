#include "tests/oracle/raw_database.hpp"

#include <sqlite3.h>

#include <memory>
#include <stdexcept>

namespace onewriter::test {

uint64_t raw_row::number(int column) const {
  return static_cast<uint64_t>(sqlite3_column_int64(at_, column));
}

std::string raw_row::text(int column) const {
  auto bytes = sqlite3_column_blob(at_, column);
  auto size = static_cast<size_t>(sqlite3_column_bytes(at_, column));
  return bytes == nullptr ? std::string{}
                          : std::string{static_cast<const char*>(bytes), size};
}

raw_database::raw_database(const std::string& path) {
  constexpr int longest_wait_ms = 30'000;
  if (sqlite3_open(path.c_str(), &db_) == SQLITE_OK) {
    sqlite3_busy_timeout(db_, longest_wait_ms);
    return;
  }
  auto problem = path + ": " + sqlite3_errmsg(db_);
  sqlite3_close(db_);
  throw std::runtime_error{problem};
}

raw_database::~raw_database() {
  sqlite3_close(db_);
}

void raw_database::run(const std::string& sql) {
  if (auto result = outcome(sql); result != "ok")
    throw std::runtime_error{sql + ": " + result};
}

std::string raw_database::outcome(const std::string& sql) {
  return sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK
           ? "ok"
           : sqlite3_errmsg(db_);
}

void raw_database::for_each(const std::string& sql,
                            const std::function<void(const raw_row&)>& visit) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &raw, nullptr) != SQLITE_OK)
    fail(sql);
  auto stmt = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>{
    raw, &sqlite3_finalize};
  auto code = sqlite3_step(raw);
  for (; code == SQLITE_ROW; code = sqlite3_step(raw))
    visit(raw_row{raw});
  if (code != SQLITE_DONE)
    fail(sql);
}

std::string raw_database::text(const std::string& sql) {
  std::string result;
  auto is_first = true;
  for_each(sql, [&](const raw_row& row) {
    if (is_first)
      result = row.text(0);
    is_first = false;
  });
  return result;
}

uint64_t raw_database::number(const std::string& sql) {
  uint64_t result = 0;
  auto is_first = true;
  for_each(sql, [&](const raw_row& row) {
    if (is_first)
      result = row.number(0);
    is_first = false;
  });
  return result;
}

bool raw_database::has_table(const std::string& name) {
  return number("SELECT count(*) FROM sqlite_master WHERE name = '" + name
                + "'")
         > 0;
}

void raw_database::keep_log() {
  sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

void raw_database::fail(const std::string& what) {
  throw std::runtime_error{what + ": " + sqlite3_errmsg(db_)};
}

} // namespace onewriter::test
