#include "actors/sqlite/cursor.hpp"

#include "tests/sqlite/database_file.hpp"

using namespace onewriter;
using namespace onewriter::test;
using sqlite::cursor;
using sqlite::role;

namespace {

class numbers_file : public writer_file {
public:
  numbers_file() {
    answer(*db, "CREATE TABLE t(x INTEGER)");
    answer(*db, "INSERT INTO t VALUES(1), (2), (3), (4), (5)");
  }

  connection_ptr reader = open(role::reader);
};

std::unique_ptr<cursor> open_cursor_of(sqlite::connection& db,
                                       const statement& what) {
  auto result = cursor::open(db, what);
  if (!result)
    FAIL(describe(result.error()));
  return std::move(*result);
}

sqlite::result_limits rows(uint64_t count) {
  sqlite::result_limits result;
  result.max_rows = count;
  return result;
}

// One page: its rows, and a full stop if it is the last.
std::string page(cursor& x, const sqlite::result_limits& limits) {
  auto result = x.next(limits);
  if (!result)
    return name_of(result.error());
  std::string text;
  for (auto& row : result->rows.rows)
    text += to_string(row) + " ";
  return text + (result->last ? "." : "");
}

} // namespace

TEST_CASE_METHOD(numbers_file, "a cursor reads every row once") {
  auto x = open_cursor_of(*reader, statement{"SELECT x FROM t WHERE x > ?", 0});
  CHECK(page(*x, rows(2)) == "1 2 ");
  CHECK(page(*x, rows(1)) == "3 ");
  CHECK(page(*x, rows(2)) == "4 5 .");
  CHECK(page(*x, rows(2)) == ".");
}

TEST_CASE_METHOD(numbers_file, "a cursor sees one snapshot") {
  auto x = open_cursor_of(*reader, statement{"SELECT x FROM t"});
  CHECK(page(*x, rows(2)) == "1 2 ");
  REQUIRE(answer(*db, "DELETE FROM t") == "");
  CHECK(db->checkpoint(sqlite::checkpoint_mode::passive)->blocked);
  CHECK(page(*x, rows(9)) == "3 4 5 .");
  // The last page lets go of it.
  CHECK_FALSE(db->checkpoint(sqlite::checkpoint_mode::truncate)->blocked);
}

TEST_CASE_METHOD(numbers_file, "every page of a cursor has its columns") {
  auto x = open_cursor_of(*reader, statement{"SELECT x FROM t"});
  for (int i = 0; i < 3; ++i) {
    auto result = x->next(rows(2));
    REQUIRE(result);
    REQUIRE(result->rows.columns.size() == 1);
    CHECK(result->rows.columns[0].declared_type == "INTEGER");
  }
}

TEST_CASE_METHOD(numbers_file, "a cursor without rows ends at once") {
  auto x = open_cursor_of(*reader, statement{"SELECT x FROM t WHERE x > 9"});
  auto result = x->next(rows(2));
  REQUIRE(result);
  CHECK(result->last);
  CHECK(result->rows.rows.empty());
  CHECK(result->rows.columns.size() == 1);
}

TEST_CASE_METHOD(numbers_file, "a cursor refuses what is no query") {
  CHECK(name_of(cursor::open(*reader, statement{"DELETE FROM t"}).error())
        == "not_a_query");
  CHECK(name_of(cursor::open(*reader, statement{"SELECT ?"}).error())
        == "invalid_parameters");
  CHECK(name_of(cursor::open(*reader, statement{"SELECT"}).error())
        == "invalid_sql");
}

TEST_CASE_METHOD(numbers_file, "a row over the limit of a page ends a cursor") {
  auto sql = "VALUES(1), (zeroblob(1000)), (2)";
  auto x = open_cursor_of(*reader, statement{sql});
  auto limits = rows(9);
  limits.max_bytes = 500;
  CHECK(page(*x, limits) == "1 ");
  CHECK(page(*x, limits) == "too_big");
  CHECK(page(*x, limits) == ".");
  CHECK(answer(*reader, "SELECT 'works'") == "'works'\n");
}

TEST_CASE_METHOD(numbers_file, "a cursor stops at the deadline") {
  auto x = open_cursor_of(
    *reader,
    statement{"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
              "SELECT i FROM n WHERE i = 1 OR i < 0"});
  CHECK(page(*x, rows(0)) == "");
  reader->set_run_deadline(std::chrono::steady_clock::now()
                           + std::chrono::milliseconds{20});
  CHECK(page(*x, rows(9)) == "deadline_exceeded");
  CHECK(page(*x, rows(9)) == ".");
}
