#include "actors/sqlite/statement/statement_cache.hpp"

#include "tests/catch.hpp"

#include <sqlite3.h>

using namespace onewriter::sqlite;

namespace {

class memory_database {
public:
  memory_database() {
    sqlite3* raw = nullptr;
    sqlite3_open(":memory:", &raw);
    db.reset(raw);
  }

  prepared_statement prepare(const std::string& sql) {
    sqlite3_stmt* raw = nullptr;
    sqlite3_prepare_v2(db.get(), sql.c_str(), -1, &raw, nullptr);
    return {sql, statement_ptr{raw}};
  }

  size_t open_statements() const {
    size_t result = 0;
    sqlite3_stmt* last = nullptr;
    while ((last = sqlite3_next_stmt(db.get(), last)) != nullptr)
      ++result;
    return result;
  }

  database_ptr db;
};

// Which of the statements SELECT 0 to SELECT 9 are there, without using them.
std::string contents(statement_cache& cache) {
  std::string result;
  for (int i = 0; i < 10; ++i)
    if (cache.find("SELECT " + std::to_string(i)) != nullptr)
      result += std::to_string(i);
  return result;
}

} // namespace

TEST_CASE_METHOD(memory_database, "the statement used least makes room") {
  statement_cache cache{3};
  CHECK(cache.find("SELECT 1") == nullptr);
  for (int i = 1; i <= 3; ++i)
    cache.insert(prepare("SELECT " + std::to_string(i)));
  CHECK(cache.find("SELECT 1")->sql() == "SELECT 1");
  cache.insert(prepare("SELECT 4"));
  CHECK(contents(cache) == "134");
  CHECK(cache.size() == 3);
  CHECK(open_statements() == 3);
  cache.clear();
  CHECK(cache.size() == 0);
  CHECK(open_statements() == 0);
  CHECK(contents(cache) == "");
}

TEST_CASE_METHOD(memory_database, "a cache keeps at least one statement") {
  statement_cache cache{0};
  cache.insert(prepare("SELECT 1"));
  CHECK(contents(cache) == "1");
  cache.insert(prepare("SELECT 2"));
  CHECK(contents(cache) == "2");
}

TEST_CASE_METHOD(memory_database, "long texts do not fill the memory") {
  statement_cache cache{100};
  auto half = std::string(statement_cache::max_text_bytes / 2, ' ');
  cache.insert(prepare("SELECT 1"));
  cache.insert(prepare("SELECT 2" + half));
  CHECK(cache.size() == 2);
  cache.insert(prepare("SELECT 3" + half));
  CHECK(cache.size() == 1);
  cache.insert(prepare("SELECT 4" + half + half + half));
  CHECK(cache.size() == 1);
  cache.insert(prepare("SELECT 5"));
  CHECK(contents(cache) == "5");
  CHECK(cache.size() == 1);
}

TEST_CASE_METHOD(memory_database, "short texts survive that statements move") {
  // Short strings hold their text inside of themselves.
  statement_cache cache{10};
  for (int i = 0; i < 10; ++i)
    cache.insert(prepare("SELECT " + std::to_string(i)));
  for (int i = 9; i >= 0; --i)
    CHECK(cache.find("SELECT " + std::to_string(i))->sql()
          == "SELECT " + std::to_string(i));
}
