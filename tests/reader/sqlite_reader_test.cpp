#include "actors/reader/worker/sqlite_reader.hpp"
#include "onewriter/compat/messaging.hpp"

#include "actors/index/tables/schema.hpp"
#include "actors/sqlite/schema.hpp"
#include "actors/store/dead_letter_store.hpp"
#include "tests/catch.hpp"
#include "tests/reader/reader_fixture.hpp"

#include <limits>

using namespace onewriter;
using namespace std::chrono_literals;

namespace {

// The test plays the pool.
class sqlite_reader_fixture : public test::reader_fixture {
public:
  sqlite_reader_actor reader;

  void start_reader() {
    reader = own(spawn_sqlite_reader(sys, context(), 0));
    wait_for_idle();
  }

  void wait_for_idle() {
    self->receive([](reader_idle idle) { CHECK(idle.slot == 0); });
  }

  template <class Request>
  static read_work<Request> work_of(Request what) {
    read_work<Request> result;
    result.what = std::move(what);
    result.arrived = std::chrono::steady_clock::now();
    return result;
  }

  std::string run(query what) {
    auto work = work_of(std::move(what));
    if (work.what.deadline > 0ns)
      work.expires = work.arrived + work.what.deadline;
    auto reply = ask<result_set>(reader, std::move(work));
    wait_for_idle();
    return text_of(reply);
  }

  std::string run(std::string sql) {
    return run(query{std::move(sql)});
  }

  // Makes the next statement read from the disk.
  void write_something() {
    write("INSERT INTO t(a, b) VALUES(0, 'something')");
  }
};

} // namespace

#define READER_TEST(name) TEST_CASE_METHOD(sqlite_reader_fixture, name)

READER_TEST("a reader returns rows, and columns with their declared types") {
  write("INSERT INTO t(a, b) VALUES(1, 'one'), (2, NULL)");
  start_reader();
  auto reply = ask<result_set>(
    reader, work_of(query{"SELECT a, b AS name, a + 1 FROM t WHERE a >= ? "
                          "ORDER BY a",
                          1}));
  REQUIRE(reply);
  CHECK(to_string(*reply) == "1|'one'|2\n2|NULL|3\n");
  std::string columns;
  for (auto& x : reply->columns)
    columns += x.name + ":" + x.declared_type + " ";
  CHECK(columns == "a:INTEGER name:TEXT a + 1: ");
  CHECK_FALSE(reply->truncated);
}

READER_TEST("a reader returns every kind of value as it was written") {
  auto row = onewriter::row{{null{}, std::numeric_limits<int64_t>::min(), -0.0,
                             std::string{"a\0b", 3}, blob{}}};
  write("CREATE TABLE v(a, b, c, d, e)");
  write("INSERT INTO v(a, b, c, d, e) VALUES(?, ?, ?, ?, ?)", row.cells[0],
        row.cells[1], row.cells[2], row.cells[3], row.cells[4]);
  start_reader();
  auto reply
    = ask<result_set>(reader, work_of(query{"SELECT a, b, c, d, e FROM v"}));
  REQUIRE(reply);
  REQUIRE(reply->rows.size() == 1);
  CHECK(reply->rows[0] == row);
}

READER_TEST("a reader cuts a result off at its limits and says so") {
  write_numbers(10);
  opts->max_result_rows = 7;
  start_reader();
  auto count = [&](uint64_t rows, uint64_t bytes) {
    query what{"SELECT a FROM t ORDER BY a"};
    what.max_rows = rows;
    what.max_bytes = bytes;
    auto reply = ask<result_set>(reader, work_of(std::move(what)));
    REQUIRE(reply);
    return std::to_string(reply->rows.size())
           + (reply->truncated ? " and more" : "");
  };
  CHECK(count(3, 0) == "3 and more");
  CHECK(count(100, 0) == "7 and more");
  CHECK(count(0, 0) == "7 and more");
  write("DELETE FROM t WHERE a > 7");
  CHECK(count(0, 0) == "7");
  CHECK(count(7, 0) == "7");
  auto some = count(0, 400);
  CHECK(some.substr(1) == " and more");
  CHECK(some < "7");
}

READER_TEST("a query that has expired is not run") {
  start_reader();
  auto work = work_of(query{"SELECT 1"});
  work.expires = work.arrived;
  auto reply = ask<result_set>(reader, std::move(work));
  CHECK(code_in(reply) == "deadline_exceeded");
  wait_for_idle();
  CHECK(run("SELECT 2") == "2\n");
}

READER_TEST("a query that does not end is stopped at its deadline") {
  start_reader();
  CHECK(run(test::endless_query(50ms)) == "deadline_exceeded");
  CHECK(run("SELECT 2") == "2\n");
  CHECK(shared->readers[0]->failed.get() == 1);
  CHECK(shared->readers[0]->reading_since.age(std::chrono::steady_clock::now())
        == 0ns);
}

READER_TEST("a reader changes nothing, and goes on after every refusal") {
  write_numbers(1);
  start_reader();
  for (auto sql : {
         "INSERT INTO t(a) VALUES(2)",
         "UPDATE t SET a = 2",
         "DELETE FROM t",
         "DELETE FROM t RETURNING a",
         "WITH x(a) AS (VALUES(2)) INSERT INTO t(a) SELECT a FROM x",
         "CREATE TABLE u(a)",
         "CREATE TEMP TABLE u(a)",
         "DROP TABLE t",
         "PRAGMA wal_checkpoint",
         "PRAGMA wal_checkpoint(PASSIVE)",
         "PRAGMA wal_checkpoint(FULL)",
         "PRAGMA wal_checkpoint(RESTART)",
         "PRAGMA wal_checkpoint(TRUNCATE)",
         "PRAGMA main.wal_checkpoint = TRUNCATE",
         "PRAGMA Wal_Checkpoint('truncate')",
         "EXPLAIN PRAGMA wal_checkpoint(TRUNCATE)",
         "PRAGMA query_only = OFF",
         "PRAGMA journal_mode = DELETE",
         "PRAGMA user_version = 7",
         "BEGIN",
         "COMMIT",
         "SAVEPOINT s",
         "ATTACH 'other.db' AS other",
         "VACUUM",
         "VACUUM INTO 'copy.db'",
       }) {
    INFO(sql);
    CHECK(run(sql) == "not_a_query");
    CHECK(run("SELECT a, b FROM t") == "1|'n1'\n");
  }
}

READER_TEST(
  "a query that is wrong gets its own error, and the next one works") {
  start_reader();
  auto check = [&](query what, const std::string& code) {
    INFO(what.what.sql);
    CHECK(run(std::move(what)) == code);
    CHECK(run("SELECT 1") == "1\n");
  };
  check(query{"SELEC 1"}, "invalid_sql");
  check(query{"SELECT * FROM missing"}, "invalid_sql");
  check(query{""}, "empty_statement");
  check(query{"SELECT 1; SELECT 2"}, "multiple_statements");
  check(query{"SELECT ?"}, "invalid_parameters");
  check(query{"SELECT ?", 1, 2}, "invalid_parameters");
  check(query{"SELECT :a", named(":b", 1)}, "invalid_parameters");
  check(query{"SELECT ?", "\xff"}, "invalid_text");
  check(query{"SELECT ?", std::numeric_limits<double>::quiet_NaN()},
        "not_a_number");
  check(query{"SELECT zeroblob(200000000)"}, "too_big");
}

READER_TEST("an error carries the statement and SQLite's code, but no values") {
  start_reader();
  auto reply = ask<result_set>(
    reader, work_of(query{"SELECT secret FROM t WHERE a = ?", "hunter2"}));
  REQUIRE_FALSE(reply);
  auto what = failure_of(reply.error());
  CHECK(what.sql == "SELECT secret FROM t WHERE a = ?");
  CHECK(what.sqlite_code == 1);
  CHECK(describe(reply.error()).find("hunter2") == std::string::npos);
}

READER_TEST("a reader sees what was committed, also after schema changes") {
  start_reader();
  CHECK(run("SELECT count(*) FROM t") == "0\n");
  write("INSERT INTO t(a, b) VALUES(1, 'one')");
  CHECK(run("SELECT * FROM t") == "1|'one'\n");
  write("ALTER TABLE t ADD COLUMN c DEFAULT 3");
  CHECK(run("SELECT * FROM t") == "1|'one'|3\n");
  write("ALTER TABLE t DROP COLUMN b");
  CHECK(run("SELECT * FROM t") == "1|3\n");
  write("DROP TABLE t");
  CHECK(run("SELECT * FROM t") == "invalid_sql");
  write("CREATE TABLE t(z)");
  CHECK(run("SELECT * FROM t") == "");
}

READER_TEST("a reader does not notice that the writer was restarted") {
  start_reader();
  write("INSERT INTO t(a, b) VALUES(1, 'one')");
  CHECK(run("SELECT a FROM t") == "1\n");
  close_writer();
  CHECK(run("SELECT a FROM t") == "1\n");
  open_writer();
  write("INSERT INTO t(a, b) VALUES(2, 'two')");
  CHECK(run("SELECT a FROM t ORDER BY a") == "1\n2\n");
}

READER_TEST("a reader whose connection fails hands the query back and ends") {
  start_reader();
  write_something();
  disk.fail_reads(1);
  auto reply = compat::request(self, reader, test::patience,
                               work_of(query{"SELECT a FROM t"}));
  uint32_t attempts = 0;
  self->receive([&](query_work& work) -> caf::result<result_set> {
    attempts = work.attempts;
    return result_set{{}, {row{{7}}}, false};
  });
  CHECK(attempts == 1);
  CHECK(text_of(receive<result_set>(std::move(reply))) == "7\n");
  CHECK(code_of(wait_for_end(reader)) == ec::io_error);
}

READER_TEST("a query that brings three connections down gets the error") {
  start_reader();
  write_something();
  disk.fail_reads(1);
  auto work = work_of(query{"SELECT a FROM t"});
  work.attempts = max_read_attempts - 1;
  CHECK(code_in(ask<result_set>(reader, std::move(work))) == "io_error");
  CHECK(code_of(wait_for_end(reader)) == ec::io_error);
  CHECK(shared->readers[0]->failed.get() == 1);
}

READER_TEST("a reader that cannot open its file ends with the reason") {
  opts->path = folder.file("missing.db");
  reader = own(spawn_sqlite_reader(sys, context(), 0));
  CHECK(code_of(wait_for_end(reader)) == ec::cannot_open);
}

READER_TEST("a reader reports slow statements, without values") {
  opts->slow_statement = 1ns;
  start_reader();
  CHECK(run(query{"SELECT ?", "secret"}) == "'secret'\n");
  core->receive([](const slow_statement_seen& seen) {
    CHECK(seen.sql == "SELECT ?");
    CHECK(seen.duration > 0ns);
  });
}

READER_TEST("a reader counts what it does") {
  start_reader();
  CHECK(run("SELECT 1") == "1\n");
  CHECK(run("SELECT") == "invalid_sql");
  auto& numbers = *shared->readers[0];
  CHECK(numbers.queries.get() == 2);
  CHECK(numbers.failed.get() == 1);
  CHECK(numbers.searches.get() == 0);
  CHECK(numbers.query_latency.count() == 2);
}

READER_TEST("a reader tells since when it has its snapshot") {
  start_reader();
  write_something();
  auto age = [this] {
    return shared->readers[0]->reading_since.age(
      std::chrono::steady_clock::now());
  };
  CHECK(age() == 0ns);
  CHECK(run("SELECT count(*) FROM t") == "1\n");
  // The page of this table is not in the cache yet.
  write("CREATE TABLE u(a)");
  CHECK(run("SELECT count(*) FROM t") == "1\n");
  disk.hold_reads();
  auto reply = compat::request(self, reader, test::patience,
                               work_of(query{"SELECT count(*) FROM u"}));
  REQUIRE(disk.wait_for_held(1));
  CHECK(age() > 0ns);
  disk.release_reads();
  CHECK(text_of(receive<result_set>(std::move(reply))) == "0\n");
  wait_for_idle();
  CHECK(age() == 0ns);
}

READER_TEST("a reader lists dead letters and searches") {
  REQUIRE(sqlite::prepare_schema(*writer, {index_schema()}) == caf::none);
  dead_letter letter;
  letter.statements.emplace_back("INSERT INTO t(a) VALUES(?)", 5);
  letter.code = ec::constraint_violated;
  REQUIRE(store_letter(*writer, letter) == caf::none);
  start_reader();
  auto letters = ask<dead_letters>(reader, work_of(list_dead_letters{}));
  REQUIRE(letters);
  REQUIRE(letters->letters.size() == 1);
  CHECK(letters->letters[0].statements.at(0).sql
        == "INSERT INTO t(a) VALUES(?)");
  wait_for_idle();
  search what;
  what.index = "missing";
  what.expression = "word";
  CHECK(code_in(ask<search_hits>(reader, work_of(std::move(what))))
        == "no_such_index");
  CHECK(shared->readers[0]->searches.get() == 1);
}

TEST_CASE("a supervisor is told which failures of a reader pass") {
  auto judge = [](ec code) {
    return judge_reader(make_failure(code, "reason"));
  };
  CHECK(judge(ec::io_error) == verdict::excuse);
  CHECK(judge(ec::busy) == verdict::excuse);
  CHECK(judge(ec::out_of_memory) == verdict::excuse);
  CHECK(judge(ec::disk_full) == verdict::excuse);
  CHECK(judge(ec::corrupt) == verdict::count);
  CHECK(judge(ec::internal) == verdict::count);
  CHECK(judge(ec::cannot_open) == verdict::excuse);
  CHECK(judge(ec::not_a_database) == verdict::give_up);
  CHECK(judge(ec::file_replaced) == verdict::give_up);
}
