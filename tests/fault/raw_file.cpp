#include "tests/fault/raw_file.hpp"

#include <sqlite3.h>

#include <cstdlib>

namespace onewriter::test {

raw_file::raw_file(const std::string& path) {
  if (sqlite3_open(path.c_str(), &db_) != SQLITE_OK)
    note("open");
}

raw_file::~raw_file() {
  sqlite3_close(db_);
}

std::vector<std::vector<std::string>> raw_file::rows(const std::string& sql) {
  std::vector<std::vector<std::string>> result;
  sqlite3_stmt* stmt = nullptr;
  if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &stmt, nullptr) != SQLITE_OK) {
    note(sql);
    return result;
  }
  while (sqlite3_step(stmt) == SQLITE_ROW) {
    result.emplace_back();
    for (auto i = 0; i < sqlite3_column_count(stmt); ++i) {
      auto text = sqlite3_column_text(stmt, i);
      auto size = static_cast<size_t>(sqlite3_column_bytes(stmt, i));
      result.back().emplace_back(reinterpret_cast<const char*>(text),
                                 text == nullptr ? 0 : size);
    }
  }
  if (sqlite3_finalize(stmt) != SQLITE_OK)
    note(sql);
  return result;
}

std::string raw_file::text(const std::string& sql) {
  auto found = rows(sql);
  return found.empty() || found[0].empty() ? "" : found[0][0];
}

int64_t raw_file::number(const std::string& sql) {
  return std::strtoll(text(sql).c_str(), nullptr, 10);
}

void raw_file::note(const std::string& sql) {
  problems_.push_back("SQLite says \"" + std::string{sqlite3_errmsg(db_)}
                      + "\" to " + sql);
}

} // namespace onewriter::test
