#include "tests/crash/raw_rows.hpp"

#include "tests/strain/burden.hpp"

#include <sqlite3.h>

#include <memory>
#include <stdexcept>

namespace onewriter::test {

namespace {

std::string text_at(sqlite3_stmt* stmt, int column) {
  auto bytes = sqlite3_column_blob(stmt, column);
  auto size = static_cast<size_t>(sqlite3_column_bytes(stmt, column));
  return {static_cast<const char*>(bytes), size};
}

} // namespace

raw_rows::raw_rows(const std::string& path) {
  if (sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE, nullptr)
      == SQLITE_OK)
    return;
  auto problem = std::string{sqlite3_errmsg(db_)};
  sqlite3_close(db_);
  throw std::runtime_error{path + ": " + problem};
}

raw_rows::~raw_rows() {
  sqlite3_close(db_);
}

void raw_rows::for_each(
  const std::function<void(uint32_t, uint64_t, const std::string&)>& visit)
  const {
  run("SELECT client, number, content FROM row ORDER BY rowid",
      [&](sqlite3_stmt* stmt) {
        visit(static_cast<uint32_t>(sqlite3_column_int64(stmt, 0)),
              static_cast<uint64_t>(sqlite3_column_int64(stmt, 1)),
              text_at(stmt, 2));
      });
}

uint64_t raw_rows::tally(uint32_t client) const {
  uint64_t result = 0;
  run("SELECT rows FROM tally WHERE client = " + std::to_string(client),
      [&](sqlite3_stmt* stmt) {
        result += static_cast<uint64_t>(sqlite3_column_int64(stmt, 0));
      });
  return result;
}

bool raw_rows::has_remnants() const {
  auto has_tables = false;
  run("SELECT 1 FROM sqlite_master WHERE name = 'ballast'",
      [&](sqlite3_stmt*) { has_tables = true; });
  auto result = false;
  if (has_tables)
    run(ask_what_is_left,
        [&](sqlite3_stmt* stmt) { result = text_at(stmt, 0) != nothing_left; });
  return result;
}

std::vector<std::string> raw_rows::problems() const {
  std::vector<std::string> result;
  run("PRAGMA integrity_check", [&](sqlite3_stmt* stmt) {
    if (auto problem = text_at(stmt, 0); problem != "ok")
      result.push_back(problem);
  });
  return result;
}

void raw_rows::run(const std::string& sql,
                   const std::function<void(sqlite3_stmt*)>& visit) const {
  sqlite3_stmt* raw = nullptr;
  auto rc = sqlite3_prepare_v2(db_, sql.c_str(), -1, &raw, nullptr);
  auto stmt = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>{
    raw, &sqlite3_finalize};
  if (rc == SQLITE_OK)
    while ((rc = sqlite3_step(raw)) == SQLITE_ROW)
      visit(raw);
  if (rc != SQLITE_DONE)
    throw std::runtime_error{sql + ": " + sqlite3_errmsg(db_)};
}

} // namespace onewriter::test
