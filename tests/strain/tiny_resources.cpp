#include "tests/strain/tiny_resources.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>

namespace onewriter::test {

namespace {

// Only with its first page a file has a size of pages.
constexpr const char* first_page
  = "PRAGMA page_size = 512; CREATE TABLE first(a); DROP TABLE first";

} // namespace

void make_tiny(options& to) {
  // SQLite counts what it keeps beside each page, too.
  to.cache_bytes = 8 * 1024;
  to.statement_cache = 2;
  to.queue.turn_items = 3;
  to.checkpoint_pages = 8;
  to.max_result_bytes = 1'000'000;
}

void create_tiny_file(const std::string& path) {
  if (std::filesystem::exists(path))
    return;
  sqlite3* db = nullptr;
  auto code = sqlite3_open(path.c_str(), &db);
  if (code == SQLITE_OK)
    code = sqlite3_exec(db, first_page, nullptr, nullptr, nullptr);
  sqlite3_close(db);
  if (code != SQLITE_OK)
    throw std::runtime_error("cannot create " + path);
}

} // namespace onewriter::test
