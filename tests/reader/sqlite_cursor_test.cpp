#include "actors/reader/worker/sqlite_cursor.hpp"
#include "onewriter/compat/messaging.hpp"

#include "actors/reader/worker/cursor.hpp"
#include "tests/catch.hpp"
#include "tests/reader/reader_fixture.hpp"

using namespace onewriter;
using namespace std::chrono_literals;

namespace {

class sqlite_cursor_fixture : public test::reader_fixture {
public:
  reader_pool_actor pool;

  sqlite_cursor_fixture() {
    write_numbers(10);
  }

  void start() {
    pool = start_pool();
  }

  caf::expected<cursor_actor> try_open(query what,
                                       std::chrono::nanoseconds idle = 0ns) {
    return ask<cursor_actor>(pool, open_cursor{std::move(what), idle});
  }

  cursor_actor open(query what, std::chrono::nanoseconds idle = 0ns) {
    auto reply = try_open(std::move(what), idle);
    if (!reply)
      FAIL(describe(reply.error()));
    return *reply;
  }

  // The first cells of the next page, "." behind the last one.
  std::string page_of(const cursor_actor& cursor) {
    auto page = ask<cursor_page>(cursor, next_page{});
    if (!page)
      return to_string(code_of(page.error()));
    std::string result;
    for (auto& row : page->rows.rows)
      result += to_string(row.cells.at(0)) + " ";
    return result + (page->last ? "." : "");
  }

  bool all_closed() {
    return eventually([this] { return shared->open_cursors.get() == 0; });
  }

  std::chrono::nanoseconds age(size_t slot) {
    return shared->cursors[slot]->age(std::chrono::steady_clock::now());
  }

  static query paged(std::string sql, uint64_t rows) {
    query result{std::move(sql)};
    result.max_rows = rows;
    return result;
  }
};

const auto numbers = "SELECT a FROM t ORDER BY a";

} // namespace

#define CURSOR_TEST(name) TEST_CASE_METHOD(sqlite_cursor_fixture, name)

CURSOR_TEST("a cursor hands out all rows page by page") {
  start();
  auto cursor = open(paged(numbers, 4));
  CHECK(page_of(cursor) == "1 2 3 4 ");
  CHECK(page_of(cursor) == "5 6 7 8 ");
  CHECK(page_of(cursor) == "9 10 .");
  CHECK(page_of(cursor) == "cursor_closed");
}

CURSOR_TEST("a cursor ends in time, however often it is asked") {
  opts->cursor_limit = 20ms;
  opts->cursor_idle_limit = 1h;
  start();
  auto cursor
    = open(paged("SELECT a.a FROM t a, t b, t c, t d, t e, t f", 1), 1h);
  std::string last;
  CHECK(
    eventually([&] { return (last = page_of(cursor)) == "cursor_closed"; }));
  auto page = ask<cursor_page>(cursor, next_page{});
  REQUIRE_FALSE(page);
  CHECK(failure_of(page.error()).message.find("cursor-limit")
        != std::string::npos);
  CHECK(all_closed());
}

CURSOR_TEST("every page of a cursor has the columns") {
  start();
  auto cursor = open(paged("SELECT a, b FROM t", 9));
  for (auto i = 0; i < 2; ++i) {
    auto page = ask<cursor_page>(cursor, next_page{});
    REQUIRE(page);
    REQUIRE(page->rows.columns.size() == 2);
    CHECK(page->rows.columns[0].declared_type == "INTEGER");
    CHECK(page->rows.columns[1].name == "b");
  }
}

CURSOR_TEST("a cursor without rows has one empty page") {
  start();
  auto cursor = open(query{"SELECT a FROM t WHERE a > ?", 100});
  CHECK(page_of(cursor) == ".");
  CHECK(page_of(cursor) == "cursor_closed");
}

CURSOR_TEST("a cursor keeps to the snapshot of its opening") {
  start();
  auto cursor = open(paged(numbers, 4));
  write("DELETE FROM t WHERE a > 2");
  CHECK(page_of(cursor) == "1 2 3 4 ");
  write("UPDATE t SET a = -1");
  write("DROP TABLE t");
  CHECK(page_of(cursor) == "5 6 7 8 ");
  auto receipt = writer->checkpoint(sqlite::checkpoint_mode::passive);
  REQUIRE(receipt);
  CHECK(page_of(cursor) == "9 10 .");
}

CURSOR_TEST("a wrong query is an error of its opening, and takes no slot") {
  start();
  auto check = [this](const char* sql, const std::string& code) {
    INFO(sql);
    CHECK(code_in(try_open(query{sql})) == code);
  };
  check("SELECT missing FROM t", "invalid_sql");
  check("", "empty_statement");
  check("DELETE FROM t", "not_a_query");
  check("PRAGMA wal_checkpoint(TRUNCATE)", "not_a_query");
  check("SELECT ?", "invalid_parameters");
  query late{numbers};
  late.deadline = -1ns;
  CHECK(code_in(try_open(late)) == "deadline_exceeded");
  CHECK(all_closed());
  CHECK(page_of(open(query{"SELECT 1"})) == "1 .");
}

CURSOR_TEST("only so many cursors can be open at once") {
  start();
  auto first = open(paged(numbers, 4));
  auto second = open(paged(numbers, 20));
  auto refused = try_open(query{"SELECT 1"});
  CHECK(code_in(refused) == "overloaded");
  CHECK(failure_of(refused.error()).retry_after > 0ns);
  CHECK(shared->open_cursors.get() == 2);
  // The last page makes room.
  CHECK(page_of(second) == "1 2 3 4 5 6 7 8 9 10 .");
  auto third = open(paged(numbers, 4));
  // So does closing.
  CHECK(ask<caf::unit_t>(first, close_cursor{}));
  auto fourth = open(paged(numbers, 4));
  CHECK(code_in(try_open(query{"SELECT 1"})) == "overloaded");
  CHECK(page_of(third) == "1 2 3 4 ");
  CHECK(page_of(fourth) == "1 2 3 4 ");
}

CURSOR_TEST("a cursor that was closed says so") {
  start();
  auto cursor = open(paged(numbers, 4));
  CHECK(page_of(cursor) == "1 2 3 4 ");
  CHECK(ask<caf::unit_t>(cursor, close_cursor{}));
  CHECK(page_of(cursor) == "cursor_closed");
  CHECK(ask<caf::unit_t>(cursor, close_cursor{}));
  CHECK(all_closed());
}

CURSOR_TEST("a cursor ends when it gets no requests") {
  start();
  auto cursor = open(paged(numbers, 4), 20ms);
  CHECK(all_closed());
  CHECK(age(0) == 0ns);
  CHECK(page_of(cursor) == "cursor_closed");
}

CURSOR_TEST("a cursor runs on while it is asked") {
  constexpr auto limit = 400ms;
  start();
  auto cursor = open(paged("WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT "
                           "x + 1 FROM c) SELECT x FROM c",
                           1),
                     limit);
  auto start = std::chrono::steady_clock::now();
  auto last = start;
  for (auto i = 1; last - start < 2 * limit; ++i) {
    std::this_thread::sleep_for(10ms);
    auto page = page_of(cursor);
    auto now = std::chrono::steady_clock::now();
    // Unless the machine did not let us ask in time.
    if (now - std::exchange(last, now) < limit)
      REQUIRE(page == std::to_string(i) + " ");
    else
      return;
  }
}

CURSOR_TEST("a cursor ends with the last handle of it") {
  start();
  auto cursor = open(paged(numbers, 4));
  auto copy = cursor;
  CHECK(page_of(cursor) == "1 2 3 4 ");
  cursor = nullptr;
  CHECK(page_of(copy) == "5 6 7 8 ");
  copy = nullptr;
  CHECK(all_closed());
}

CURSOR_TEST("a cursor whose client is gone before the reply ends") {
  start();
  {
    caf::scoped_actor client{sys};
    disk.hold_reads();
    compat::send(client, pool, open_cursor{query{numbers}, {}});
    REQUIRE(disk.wait_for_held(1));
  }
  disk.release_reads();
  CHECK(all_closed());
}

CURSOR_TEST("a cursor that is stopped makes room") {
  start();
  auto cursor = open(paged(numbers, 4));
  caf::anon_send_exit(cursor, caf::exit_reason::user_shutdown);
  CHECK(all_closed());
}

CURSOR_TEST("a cursor stops at the deadline of a page, and ends") {
  start();
  auto endless = test::endless_query(50ms);
  auto cursor = open(endless);
  CHECK(page_of(cursor) == "deadline_exceeded");
  CHECK(page_of(cursor) == "cursor_closed");
  CHECK(all_closed());
}

CURSOR_TEST("every page of a cursor has a deadline of its own") {
  constexpr auto deadline = 500ms;
  start();
  // Each row takes long enough for its page to look at the clock.
  query what{"WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM c "
             "WHERE x < 1000) SELECT a, (SELECT sum(x) FROM c WHERE x <> a) "
             "FROM t ORDER BY a"};
  what.max_rows = 5;
  what.deadline = deadline;
  auto cursor = open(what);
  CHECK(page_of(cursor) == "1 2 3 4 5 ");
  std::this_thread::sleep_for(deadline);
  CHECK(page_of(cursor) == "6 7 8 9 10 .");
}

CURSOR_TEST("limits of bytes hold for each page") {
  start();
  query what{numbers};
  what.max_bytes = 400;
  auto cursor = open(what);
  std::string rows;
  auto pages = 0;
  while (rows.find('.') == std::string::npos) {
    rows += page_of(cursor);
    ++pages;
    REQUIRE(pages <= 10);
  }
  CHECK(rows == "1 2 3 4 5 6 7 8 9 10 .");
  CHECK(pages > 1);
}

CURSOR_TEST("a row that exceeds a page is an error, and ends the cursor") {
  start();
  query what{"SELECT zeroblob(100000) FROM t"};
  what.max_bytes = 1000;
  auto cursor = open(what);
  CHECK(page_of(cursor) == "too_big");
  CHECK(page_of(cursor) == "cursor_closed");
}

CURSOR_TEST("a cursor tells since when it has its snapshot") {
  start();
  CHECK(age(0) == 0ns);
  auto first = open(paged(numbers, 4));
  auto second = open(paged(numbers, 4));
  CHECK(age(0) > age(1));
  CHECK(age(1) > 0ns);
  CHECK(ask<caf::unit_t>(first, close_cursor{}));
  CHECK(age(0) == 0ns);
}

CURSOR_TEST("a cursor reports a slow page") {
  opts->slow_statement = 1ns;
  start();
  auto cursor = open(paged(numbers, 20));
  core->receive(
    [](const slow_statement_seen& seen) { CHECK(seen.sql == numbers); });
}

CURSOR_TEST("a cursor whose disk fails gets the error and ends") {
  start();
  auto cursor = open(paged(numbers, 4));
  disk.fail_reads(1000);
  CHECK(page_of(cursor) == "io_error");
  disk.fail_reads(0);
  CHECK(page_of(cursor) == "cursor_closed");
  CHECK(page_of(open(paged(numbers, 4))) == "1 2 3 4 ");
}

CURSOR_TEST("cursors are closed with the pool, and say so") {
  start();
  auto cursor = open(paged(numbers, 4));
  auto other = open(paged(numbers, 4));
  CHECK(page_of(cursor) == "1 2 3 4 ");
  CHECK(ask<caf::unit_t>(pool, close_readers{true}));
  CHECK(page_of(cursor) == "cursor_closed");
  CHECK(page_of(other) == "cursor_closed");
  close_writer();
}

CURSOR_TEST("every page is answered, whenever the cursor is closed") {
  start();
  for (auto cycle = 0; cycle < 50; ++cycle) {
    auto cursor = open(paged(numbers, 1));
    using response
      = decltype(compat::request(self, cursor, test::patience, next_page{}));
    std::vector<response> replies;
    for (auto i = 0; i < 4; ++i)
      replies.push_back(
        compat::request(self, cursor, test::patience, next_page{}));
    for (auto i = 0; i < cycle % 3; ++i)
      REQUIRE(receive<cursor_page>(std::move(replies[i])));
    replies.erase(replies.begin(), replies.begin() + cycle % 3);
    auto closed = compat::request(self, cursor, test::patience, close_cursor{});
    replies.push_back(
      compat::request(self, cursor, test::patience, next_page{}));
    for (size_t i = 0; i + 1 < replies.size(); ++i)
      CHECK(receive<cursor_page>(std::move(replies[i])));
    CHECK(receive<caf::unit_t>(std::move(closed)));
    CHECK(code_in(receive<cursor_page>(std::move(replies.back())))
          == "cursor_closed");
  }
  CHECK(all_closed());
}
