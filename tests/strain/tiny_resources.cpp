#include "tests/strain/tiny_resources.hpp"

#include "tests/oracle/raw_database.hpp"

#include <filesystem>

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
  if (!std::filesystem::exists(path))
    raw_database{path}.run(first_page);
}

} // namespace onewriter::test
