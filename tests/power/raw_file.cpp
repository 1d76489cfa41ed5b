#include "tests/power/raw_file.hpp"

#include "tests/power/document_text.hpp"
#include "tests/power/folders.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <utility>

namespace onewriter::test {

namespace {

constexpr const char* count_tables
  = "SELECT count(*) FROM sqlite_schema WHERE name IN('onewriter_batch', "
    "'onewriter_index_job')";

constexpr const char* find_fts
  = "SELECT count(*) FROM sqlite_schema WHERE name = 'onewriter_fts_1'";

std::string find_passages() {
  return "SELECT p.body FROM onewriter_document AS d JOIN onewriter_fts_1 AS p "
         "ON p.rowid >= d.first_passage AND p.rowid < d.end_passage WHERE "
         "d.key = '"
         + std::string{document_key} + "' ORDER BY p.start";
}

} // namespace

raw_file::raw_file(const std::string& path) {
  sqlite3_open_v2(path.c_str(), &db_,
                  SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
}

raw_file::~raw_file() {
  sqlite3_close(db_);
}

std::string raw_file::ask(const char* sql) {
  std::string result;
  auto take = [](void* to, int, char** cells, char**) {
    *static_cast<std::string*>(to) += cells[0] == nullptr ? "" : cells[0];
    return 0;
  };
  if (sqlite3_exec(db_, sql, take, &result, nullptr) != SQLITE_OK)
    return sqlite3_errmsg(db_);
  return result;
}

raw_content look_without_onewriter(const std::string& folder,
                                   const folder_content& content) {
  write_folder(folder, content);
  raw_file file{folder + "/test.db"};
  raw_content result;
  if (file.ask(count_tables) != "2")
    return result;
  auto commit = file.ask("SELECT number FROM onewriter_batch");
  result.commit = std::strtoull(commit.c_str(), nullptr, 10);
  result.has_open_job
    = file.ask("SELECT count(*) FROM onewriter_index_job") != "0";
  if (file.ask(find_fts) == "1")
    result.document = file.ask(find_passages().c_str());
  return result;
}

} // namespace onewriter::test
