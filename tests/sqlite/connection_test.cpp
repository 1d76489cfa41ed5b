#include "actors/sqlite/connection.hpp"

#include "tests/sqlite/database_file.hpp"

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <vector>

#include <sqlite3.h>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;
using sqlite::role;

namespace {

constexpr auto endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
                         "SELECT i + 1 FROM n) SELECT count(*) FROM n";

blob bytes(std::initializer_list<int> xs) {
  blob result;
  for (auto x : xs)
    result.push_back(static_cast<std::byte>(x));
  return result;
}

std::vector<value> edge_values() {
  auto least = std::numeric_limits<int64_t>::min();
  auto most = std::numeric_limits<int64_t>::max();
  auto infinity = std::numeric_limits<double>::infinity();
  return {null{},
          0,
          -1,
          least,
          least + 1,
          most,
          int64_t{1} << 53,
          (int64_t{1} << 53) + 1,
          0.0,
          -0.0,
          1.0,
          0.1,
          1e300,
          infinity,
          -infinity,
          std::numeric_limits<double>::denorm_min(),
          std::numeric_limits<double>::max(),
          "",
          "one",
          "'quoted' \"twice\"",
          std::string("a\0b", 3),
          std::string("\0", 1),
          std::string("\xc3\xa9\xf0\x9f\x98\x80"),
          std::string(1'000'000, 'x'),
          blob{},
          bytes({0}),
          bytes({0, 255, 0, 128}),
          blob(1'000'000, std::byte{7})};
}

// Fails with one code, and the next statement on the same connection works.
template <class... Ts>
void check_refused(sqlite::connection& db, const std::string& code,
                   const std::string& sql, Ts&&... xs) {
  INFO(sql.substr(0, 200));
  CHECK(answer(db, sql, std::forward<Ts>(xs)...) == code);
  CHECK(answer(db, "SELECT 'works'") == "'works'\n");
}

} // namespace

// -- values ---------------------------------------------------------------------

TEST_CASE_METHOD(writer_file, "every value comes back as it went in") {
  REQUIRE(answer(*db, "CREATE TABLE t(id INTEGER PRIMARY KEY, x)") == "");
  for (auto& in : edge_values()) {
    INFO(to_string(in).substr(0, 100));
    CHECK(answer(*db, "INSERT INTO t(x) VALUES(?)", in) == "");
    auto stored = db->run(
      statement{"SELECT x FROM t WHERE id = last_insert_rowid()"}, {});
    REQUIRE(stored);
    CHECK(stored->rows.at(0).cells.at(0) == in);
    auto passed = db->run(statement{"SELECT ?", in}, {});
    REQUIRE(passed);
    CHECK(passed->rows.at(0).cells.at(0) == in);
  }
}

TEST_CASE_METHOD(database_file, "texts survive a database in UTF-16") {
  sqlite3* raw = nullptr;
  sqlite3_open(path.c_str(), &raw);
  sqlite3_exec(raw, "PRAGMA encoding = 'UTF-16'; CREATE TABLE t(x)", nullptr,
               nullptr, nullptr);
  sqlite3_close(raw);
  auto db = open(role::writer);
  CHECK(answer(*db, "PRAGMA encoding") == "'UTF-16le'\n");
  for (auto& in : edge_values()) {
    INFO(to_string(in).substr(0, 100));
    REQUIRE(answer(*db, "DELETE FROM t") == "");
    REQUIRE(answer(*db, "INSERT INTO t VALUES(?)", in) == "");
    auto stored = db->run(statement{"SELECT x FROM t"}, {});
    REQUIRE(stored);
    CHECK(stored->rows.at(0).cells.at(0) == in);
  }
}

TEST_CASE_METHOD(writer_file, "an empty blob, an empty text and NULL differ") {
  CHECK(
    answer(*db, "SELECT typeof(?), typeof(?), typeof(?)", blob{}, "", nullptr)
    == "'blob'|'text'|'null'\n");
}

TEST_CASE_METHOD(writer_file, "an affinity changes a value as SQLite says") {
  REQUIRE(answer(*db, "CREATE TABLE t(i INTEGER, r REAL, s TEXT)") == "");
  REQUIRE(answer(*db, "INSERT INTO t VALUES(?, ?, ?)", 2.0, 3, 4) == "");
  CHECK(answer(*db, "SELECT i, r, s FROM t") == "2|3.0|'4'\n");
}

TEST_CASE_METHOD(writer_file, "values that would be lost are refused") {
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  auto insert = "INSERT INTO t VALUES(?)";
  check_refused(*db, "not_a_number", insert, std::nan(""));
  check_refused(*db, "invalid_text", insert, "\xff");
  check_refused(*db, "invalid_text", insert, "\xed\xa0\x80");
  check_refused(*db, "invalid_text", "INSERT INTO t VALUES('\xff')");
  CHECK(answer(*db, "SELECT * FROM t") == "");
}

TEST_CASE_METHOD(database_file, "a value over the limit is refused by size") {
  auto small = options(role::writer);
  small.max_value_bytes = 20;
  auto db = open(small);
  check_refused(*db, "too_big", "SELECT 'more than 20 bytes'");
  small.max_value_bytes = 100;
  db = open(small);
  auto sql = "SELECT length(?)";
  CHECK(answer(*db, sql, std::string(100, 'x')) == "100\n");
  check_refused(*db, "too_big", sql, std::string(101, 'x'));
  CHECK(answer(*db, sql, blob(100)) == "100\n");
  check_refused(*db, "too_big", sql, blob(101));
  check_refused(*db, "too_big", "SELECT zeroblob(2000000)");
}

TEST_CASE_METHOD(database_file, "two values of full size fit into a row") {
  auto db = open(role::writer);
  auto half = std::string(3'000'000, 'x');
  auto limited = options(role::writer);
  limited.max_value_bytes = half.size();
  REQUIRE(ok(db->close()));
  db = open(limited);
  REQUIRE(answer(*db, "CREATE TABLE t(x, y)") == "");
  CHECK(
    answer(*db, "INSERT INTO t VALUES(?, ?)", half, std::string(2'900'000, 'y'))
    == "");
}

// -- statements -----------------------------------------------------------------

TEST_CASE_METHOD(writer_file, "rows come with columns and declared types") {
  REQUIRE(answer(*db, "CREATE TABLE t(id INTEGER PRIMARY KEY, s VARCHAR(9))")
          == "");
  auto result = db->run(statement{"SELECT id, s AS name, 1 + 1 FROM t"}, {});
  REQUIRE(result);
  CHECK(result->rows.empty());
  std::string columns;
  for (auto& x : result->columns)
    columns += x.name + ":" + x.declared_type + "\n";
  CHECK(columns == "id:INTEGER\nname:VARCHAR(9)\n1 + 1:\n");
}

TEST_CASE_METHOD(writer_file, "RETURNING rows come back") {
  REQUIRE(answer(*db, "CREATE TABLE t(id INTEGER PRIMARY KEY, x)") == "");
  CHECK(answer(*db, "INSERT INTO t(x) VALUES(?), (?) RETURNING id, x", "a", "b")
        == "1|'a'\n2|'b'\n");
  CHECK(db->changes() == 2);
  CHECK(db->last_insert_rowid() == 2);
  db->clear_last_insert_rowid();
  CHECK(db->last_insert_rowid() == 0);
}

TEST_CASE_METHOD(writer_file, "SQL that cannot run is refused") {
  check_refused(*db, "invalid_sql", "SELEKT 1");
  check_refused(*db, "invalid_sql", "SELECT 1 FROM missing");
  check_refused(*db, "invalid_sql", "SELECT missing");
  check_refused(*db, "invalid_sql", "SELECT (1");
  check_refused(*db, "invalid_sql", "SELECT 'open");
  check_refused(*db, "invalid_sql", std::string("SELECT 1\0; SELECT 2", 19));
  check_refused(*db, "invalid_sql", "SELECT abs(-9223372036854775808)");
}

TEST_CASE_METHOD(writer_file, "a statement without SQL is refused") {
  for (auto sql : {"", " \t\r\n", ";", ";;", "-- nothing", "/* nothing */",
                   "/* open", " /* a */ -- b\n ; "})
    check_refused(*db, "empty_statement", sql);
}

TEST_CASE_METHOD(writer_file, "a second statement is refused") {
  for (auto sql : {"SELECT 1; SELECT 2", "SELECT 1;;SELECT 2",
                   "SELECT 1; garbage (", "SELECT 1; /* x */ SELECT 2"})
    check_refused(*db, "multiple_statements", sql);
  for (auto sql : {"SELECT 1;", "SELECT 1 ; ;", "SELECT 1; -- done",
                   "SELECT 1; /* done */\n", "/* first */ SELECT 1"})
    CHECK(answer(*db, sql) == "1\n");
}

TEST_CASE_METHOD(writer_file, "parameters have to match") {
  auto wrong = "invalid_parameters";
  check_refused(*db, wrong, "SELECT ?, ?", 1);
  check_refused(*db, wrong, "SELECT ?, ?", 1, 2, 3);
  check_refused(*db, wrong, "SELECT ?");
  check_refused(*db, wrong, "SELECT 1", 1);
  check_refused(*db, wrong, "SELECT ?1, ?3", 1, 2, 3);
  check_refused(*db, wrong, "SELECT :a", 1);
  check_refused(*db, wrong, "SELECT ?", named(":a", 1));
  check_refused(*db, wrong, "SELECT :a", named(":b", 1));
  check_refused(*db, wrong, "SELECT :a", named("a", 1));
  check_refused(*db, wrong, "SELECT :a, :b", named(":a", 1));
  check_refused(*db, wrong, "SELECT :a, :b", named(":a", 1), named(":a", 2));
  check_refused(*db, wrong, "SELECT :a, ?", named(":a", 1));
  check_refused(*db, wrong, "SELECT :a, ?", named(":a", 1), 2);
}

TEST_CASE_METHOD(writer_file, "parameters are bound by number and by name") {
  CHECK(answer(*db, "SELECT ?, ?", 1, 2) == "1|2\n");
  CHECK(answer(*db, "SELECT ?2, ?1", 1, 2) == "2|1\n");
  CHECK(answer(*db, "SELECT ?1, ?1", 1) == "1|1\n");
  CHECK(answer(*db, "SELECT ?2, ?1, ?", 1, 2, 3) == "2|1|3\n");
  CHECK(answer(*db, "SELECT '?', ? -- ?", 1) == "'?'|1\n");
  CHECK(answer(*db, "SELECT :a, @b, $c", named("$c", 3), named(":a", 1),
               named("@b", 2))
        == "1|2|3\n");
  CHECK(answer(*db, "SELECT :a, :a", named(":a", 1)) == "1|1\n");
  CHECK(answer(*db, "SELECT ?1, ?2", named("?2", 2), named("?1", 1))
        == "1|2\n");
}

TEST_CASE_METHOD(writer_file, "an error says which parameter is to blame") {
  CHECK(contains(complaint(*db, "SELECT :a, :b", named(":a", 1)),
                 "the parameter :b has no value"));
  CHECK(contains(complaint(*db, "SELECT :a", named(":x", 1)),
                 "no parameter is called ':x'"));
  CHECK(contains(complaint(*db, "SELECT ?, ?", 1, std::nan("")),
                 "the parameter number 2 is NaN"));
}

TEST_CASE_METHOD(writer_file, "constraints are checked") {
  REQUIRE(answer(*db, "CREATE TABLE t(id INTEGER PRIMARY KEY, "
                      "x UNIQUE NOT NULL CHECK(x <> 'bad'))")
          == "");
  REQUIRE(answer(*db, "INSERT INTO t VALUES(1, 'a')") == "");
  auto broken = "constraint_violated";
  check_refused(*db, broken, "INSERT INTO t VALUES(1, 'b')");
  check_refused(*db, broken, "INSERT INTO t VALUES(2, 'a')");
  check_refused(*db, broken, "INSERT INTO t VALUES(2, NULL)");
  check_refused(*db, broken, "INSERT INTO t VALUES(2, ?)", "bad");
  check_refused(*db, broken, "INSERT INTO t VALUES('no number', 'c')");
  CHECK(complaint(*db, "INSERT INTO t VALUES(2, ?)", "a")
        == "constraint_violated: UNIQUE constraint failed: t.x; there is a row "
           "with this key already [SQLite 2067]: INSERT INTO t VALUES(2, ?)");
  CHECK(answer(*db, "SELECT * FROM t") == "1|'a'\n");
}

TEST_CASE_METHOD(writer_file, "errors never tell bound values") {
  REQUIRE(answer(*db, "CREATE VIRTUAL TABLE f USING fts5(x)") == "");
  auto secret = "hunter2";
  auto search = complaint(*db, "SELECT * FROM f WHERE f MATCH ?",
                          std::string{secret} + " AND AND " + secret);
  CHECK(contains(search, "invalid_sql"));
  CHECK_FALSE(contains(search, secret));
  auto json = complaint(*db, "SELECT json_extract('{}', ?)", secret);
  CHECK(contains(json, "invalid_sql"));
  CHECK_FALSE(contains(json, secret));
  auto bytes_of_json = complaint(*db, "SELECT json_extract('{}', ?)",
                                 bytes({'$', 'x', 'y', 'z', 'z', 'y'}));
  CHECK(contains(bytes_of_json, "invalid_sql"));
  CHECK_FALSE(contains(bytes_of_json, "xyzzy"));
  auto column = complaint(*db, "SELECT * FROM f WHERE f MATCH ?", "hunter2: x");
  CHECK(contains(column, "invalid_sql"));
  CHECK_FALSE(contains(column, secret));
}

TEST_CASE_METHOD(writer_file, "a last rowid is no full disk") {
  REQUIRE(answer(*db, "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT)")
          == "");
  REQUIRE(answer(*db, "INSERT INTO t VALUES(9223372036854775807)") == "");
  check_refused(*db, "constraint_violated", "INSERT INTO t DEFAULT VALUES");
}

TEST_CASE_METHOD(writer_file, "a full disk is reported, and room helps") {
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  REQUIRE(db->run_internal("PRAGMA max_page_count = 10"));
  REQUIRE(ok(db->begin_immediate()));
  REQUIRE(answer(*db, "INSERT INTO t VALUES(1)") == "");
  CHECK(answer(*db, "INSERT INTO t VALUES(zeroblob(100000))") == "disk_full");
  db->rollback();
  CHECK(answer(*db, "SELECT count(*) FROM t") == "0\n");
  REQUIRE(db->run_internal("PRAGMA max_page_count = 1000"));
  CHECK(answer(*db, "INSERT INTO t VALUES(zeroblob(100000))") == "");
}

TEST_CASE_METHOD(writer_file, "a changed schema is noticed") {
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  REQUIRE(answer(*db, "INSERT INTO t VALUES(1)") == "");
  CHECK(answer(*db, "SELECT * FROM t") == "1\n");
  auto other = open(role::writer);
  REQUIRE(answer(*other, "ALTER TABLE t ADD COLUMN y DEFAULT 2") == "");
  CHECK(answer(*db, "SELECT * FROM t") == "1|2\n");
  REQUIRE(answer(*db, "DROP TABLE t") == "");
  CHECK(answer(*db, "SELECT * FROM t") == "invalid_sql");
}

// -- limits ---------------------------------------------------------------------

TEST_CASE_METHOD(writer_file, "rows beyond a limit are cut off or refused") {
  auto numbers = statement{"VALUES(1), (2), (3)"};
  sqlite::result_limits limits;
  limits.max_rows = 2;
  auto cut = db->run(numbers, limits);
  REQUIRE(cut);
  CHECK(to_string(*cut) == "1\n2\n");
  CHECK(cut->truncated);
  limits.max_rows = 3;
  CHECK_FALSE(db->run(numbers, limits)->truncated);
  limits.max_rows = 2;
  limits.beyond = sqlite::on_limit::fail;
  CHECK(name_of(db->run(numbers, limits).error()) == "too_big");
}

TEST_CASE_METHOD(writer_file, "bytes beyond a limit are cut off or refused") {
  auto large = statement{"VALUES(zeroblob(1000)), (zeroblob(1000)), "
                         "(zeroblob(1000))"};
  sqlite::result_limits limits;
  limits.max_bytes = 2'500;
  auto cut = db->run(large, limits);
  REQUIRE(cut);
  CHECK(cut->rows.size() == 2);
  CHECK(cut->truncated);
  CHECK(cut->bytes() <= limits.max_bytes);
  limits.max_bytes = 500;
  CHECK(name_of(db->run(large, limits).error()) == "too_big");
  CHECK(answer(*db, "SELECT 'works'") == "'works'\n");
}

TEST_CASE_METHOD(database_file, "a statement stops at its deadline") {
  auto what = GENERATE(role::writer, role::reader);
  auto writer = open(role::writer);
  auto db = what == role::writer ? std::move(writer) : open(what);
  auto code = what == role::writer ? "run_limit_exceeded" : "deadline_exceeded";
  auto start = std::chrono::steady_clock::now();
  db->set_run_deadline(start + 50ms);
  CHECK(answer(*db, endless) == code);
  auto elapsed = std::chrono::steady_clock::now() - start;
  CHECK(elapsed >= 50ms);
  CHECK(elapsed < 5s);
  CHECK(answer(*db, endless) == code);
  db->set_run_deadline(std::nullopt);
  CHECK(answer(*db, "SELECT 'works'") == "'works'\n");
}

TEST_CASE_METHOD(writer_file, "transaction control is never stopped") {
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  db->set_run_deadline(std::chrono::steady_clock::now() - 1s);
  for (int i = 0; i < 2'000; ++i) {
    REQUIRE(ok(db->begin_immediate()));
    REQUIRE(ok(db->savepoint()));
    REQUIRE(ok(db->release_savepoint()));
    REQUIRE(ok(db->commit()));
  }
}

TEST_CASE_METHOD(writer_file, "a write that is stopped takes all with it") {
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  REQUIRE(ok(db->begin_immediate()));
  REQUIRE(answer(*db, "INSERT INTO t VALUES(1)") == "");
  REQUIRE(ok(db->savepoint()));
  db->set_run_deadline(std::chrono::steady_clock::now() + 20ms);
  CHECK(answer(*db, "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
                    "SELECT i + 1 FROM n) SELECT i FROM n")
        == "run_limit_exceeded");
  db->set_run_deadline(std::nullopt);
  CHECK_FALSE(db->in_transaction());
  CHECK(answer(*db, "SELECT count(*) FROM t") == "0\n");
}

// -- transactions ---------------------------------------------------------------

TEST_CASE_METHOD(writer_file, "savepoints undo and keep what is in them") {
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  REQUIRE(ok(db->begin_immediate()));
  REQUIRE(ok(db->savepoint()));
  REQUIRE(answer(*db, "INSERT INTO t VALUES('kept')") == "");
  REQUIRE(ok(db->release_savepoint()));
  REQUIRE(ok(db->savepoint()));
  REQUIRE(answer(*db, "INSERT INTO t VALUES('undone')") == "");
  REQUIRE(ok(db->savepoint()));
  REQUIRE(answer(*db, "INSERT INTO t VALUES('inner')") == "");
  REQUIRE(ok(db->release_savepoint()));
  REQUIRE(ok(db->rollback_to_savepoint()));
  REQUIRE(db->in_transaction());
  REQUIRE(ok(db->commit()));
  CHECK_FALSE(db->in_transaction());
  CHECK(answer(*db, "SELECT * FROM t") == "'kept'\n");
  db->rollback();
  CHECK(!ok(db->release_savepoint()));
}

TEST_CASE_METHOD(writer_file, "statements that end the transaction are seen") {
  REQUIRE(answer(*db, "CREATE TABLE t(x UNIQUE)") == "");
  REQUIRE(answer(*db, "CREATE TRIGGER no BEFORE INSERT ON t WHEN NEW.x = 'no' "
                      "BEGIN SELECT RAISE(ROLLBACK, 'not this one'); END")
          == "");
  for (auto sql :
       {"INSERT OR ROLLBACK INTO t VALUES(1)", "INSERT INTO t VALUES('no')"}) {
    REQUIRE(ok(db->begin_immediate()));
    REQUIRE(answer(*db, "INSERT INTO t VALUES(1)") == "");
    CHECK(answer(*db, sql) == "constraint_violated");
    CHECK_FALSE(db->in_transaction());
    CHECK(answer(*db, "SELECT count(*) FROM t") == "0\n");
  }
}

TEST_CASE_METHOD(writer_file, "a deferred foreign key is known before commit") {
  REQUIRE(answer(*db, "CREATE TABLE p(id INTEGER PRIMARY KEY)") == "");
  REQUIRE(answer(*db, "CREATE TABLE c(p REFERENCES p DEFERRABLE INITIALLY "
                      "DEFERRED)")
          == "");
  REQUIRE(ok(db->begin_immediate()));
  CHECK_FALSE(db->has_unresolved_foreign_keys());
  REQUIRE(ok(db->savepoint()));
  REQUIRE(answer(*db, "INSERT INTO c VALUES(5)") == "");
  CHECK(db->has_unresolved_foreign_keys());
  REQUIRE(ok(db->rollback_to_savepoint()));
  CHECK_FALSE(db->has_unresolved_foreign_keys());
  REQUIRE(answer(*db, "INSERT INTO c VALUES(5)") == "");
  CHECK(name_of(db->commit()) == "constraint_violated");
  REQUIRE(db->in_transaction());
  REQUIRE(answer(*db, "INSERT INTO p VALUES(5)") == "");
  CHECK_FALSE(db->has_unresolved_foreign_keys());
  CHECK(ok(db->commit()));
}

TEST_CASE_METHOD(writer_file, "foreign keys are enforced unless switched off") {
  REQUIRE(answer(*db, "CREATE TABLE p(id INTEGER PRIMARY KEY)") == "");
  REQUIRE(answer(*db, "CREATE TABLE c(p REFERENCES p)") == "");
  check_refused(*db, "constraint_violated", "INSERT INTO c VALUES(5)");
  auto lax = options(role::writer);
  lax.foreign_keys = false;
  CHECK(answer(*open(lax), "INSERT INTO c VALUES(5)") == "");
  auto report = db->check(true);
  REQUIRE(report);
  REQUIRE(report->problems.size() == 1);
  CHECK(report->problems[0]
        == "a row of c (rowid 1) refers to a row of p that does not exist");
}

TEST_CASE_METHOD(writer_file, "a read transaction sees one snapshot") {
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  auto reader = open(role::reader);
  REQUIRE(ok(reader->begin_read()));
  REQUIRE(answer(*db, "INSERT INTO t VALUES(1)") == "");
  CHECK(answer(*reader, "SELECT count(*) FROM t") == "0\n");
  reader->rollback();
  CHECK(answer(*reader, "SELECT count(*) FROM t") == "1\n");
}

TEST_CASE_METHOD(writer_file, "total changes count what triggers did") {
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  REQUIRE(answer(*db, "CREATE TABLE log(x)") == "");
  REQUIRE(answer(*db, "CREATE TRIGGER l AFTER INSERT ON t BEGIN "
                      "INSERT INTO log VALUES(NEW.x); END")
          == "");
  auto before = db->total_changes();
  REQUIRE(answer(*db, "INSERT INTO t VALUES(1), (2)") == "");
  CHECK(db->changes() == 2);
  CHECK(db->total_changes() - before == 4);
}

// -- maintenance ----------------------------------------------------------------

TEST_CASE_METHOD(writer_file, "a checkpoint empties the log") {
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  REQUIRE(answer(*db, "INSERT INTO t VALUES(zeroblob(100000))") == "");
  CHECK(db->wal_pages() > 20);
  auto receipt = db->checkpoint(sqlite::checkpoint_mode::passive);
  REQUIRE(receipt);
  CHECK_FALSE(receipt->blocked);
  CHECK(receipt->log_pages > 20);
  CHECK(receipt->checkpointed_pages == receipt->log_pages);
  CHECK(db->wal_pages() == 0);
  REQUIRE(answer(*db, "INSERT INTO t VALUES(1)") == "");
  CHECK(db->wal_pages() == 1);
  REQUIRE(db->checkpoint(sqlite::checkpoint_mode::restart));
  REQUIRE(db->checkpoint(sqlite::checkpoint_mode::truncate));
  CHECK(std::filesystem::file_size(path + "-wal") == 0);
}

TEST_CASE_METHOD(writer_file, "a reader blocks a checkpoint, which says so") {
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  auto reader = open(role::reader);
  REQUIRE(ok(reader->begin_read()));
  REQUIRE(answer(*db, "INSERT INTO t VALUES(1)") == "");
  for (auto mode :
       {sqlite::checkpoint_mode::passive, sqlite::checkpoint_mode::truncate}) {
    auto receipt = db->checkpoint(mode);
    REQUIRE(receipt);
    CHECK(receipt->blocked);
    CHECK(receipt->checkpointed_pages < receipt->log_pages);
    CHECK(db->wal_pages() > 0);
  }
  reader->rollback();
  CHECK_FALSE(db->checkpoint(sqlite::checkpoint_mode::truncate)->blocked);
  CHECK(name_of(reader->checkpoint(sqlite::checkpoint_mode::passive).error())
        == "not_a_query");
}

TEST_CASE_METHOD(writer_file, "a check finds nothing in a sound file") {
  REQUIRE(answer(*db, "CREATE TABLE t(x UNIQUE)") == "");
  REQUIRE(db->check(false));
  CHECK(db->check(false)->ok());
  CHECK(open(role::reader)->check(true)->ok());
  CHECK_FALSE(db->in_transaction());
  CHECK(db->page_size() == 4096);
}

// -- closing --------------------------------------------------------------------

TEST_CASE_METHOD(writer_file, "the last writer leaves no log behind") {
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  auto reader = open(role::reader);
  CHECK(answer(*reader, "SELECT count(*) FROM t") == "0\n");
  CHECK(ok(reader->close()));
  CHECK(std::filesystem::exists(path + "-wal"));
  REQUIRE(ok(db->begin_immediate()));
  REQUIRE(answer(*db, "INSERT INTO t VALUES('never committed')") == "");
  CHECK(ok(db->close()));
  CHECK_FALSE(std::filesystem::exists(path + "-wal"));
  CHECK_FALSE(std::filesystem::exists(path + "-shm"));
  CHECK(answer(*open(role::writer), "SELECT count(*) FROM t") == "0\n");
}

TEST_CASE_METHOD(writer_file, "a reader that is the last keeps the log") {
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  auto reader = open(role::reader);
  CHECK(answer(*reader, "SELECT count(*) FROM t") == "0\n");
  CHECK(ok(db->close()));
  CHECK(ok(reader->close()));
  CHECK(std::filesystem::exists(path + "-wal"));
  CHECK(answer(*open(role::writer), "SELECT count(*) FROM t") == "0\n");
}

TEST_CASE_METHOD(writer_file, "a connection that is not trusted copies nothing "
                              "when it closes") {
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  REQUIRE(db->checkpoint(sqlite::checkpoint_mode::truncate));
  REQUIRE(answer(*db, "INSERT INTO t VALUES(1)") == "");
  auto bytes = std::filesystem::file_size(path + "-wal");
  // SQLite has checked these pages when it wrote them, and would not again.
  std::ofstream{path + "-wal", std::ios::binary}
    << std::string(static_cast<size_t>(bytes), 'x');
  db->keep_wal();
  CHECK(ok(db->close()));
  CHECK(std::filesystem::file_size(path + "-wal") == bytes);
  auto next = open(role::writer);
  CHECK(next->check(false)->ok());
  CHECK(answer(*next, "SELECT count(*) FROM t") == "0\n");
}

TEST_CASE_METHOD(writer_file, "closing says when a statement is still open") {
  {
    auto open_statement = db->prepare("SELECT 1");
    REQUIRE(open_statement);
    CHECK(!ok(db->close()));
  }
  CHECK(ok(db->close()));
}

TEST_CASE_METHOD(writer_file, "a file that was replaced is noticed") {
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  CHECK_FALSE(db->is_file_replaced());
  std::filesystem::rename(path, folder.file("moved.db"));
  CHECK(db->is_file_replaced());
}
