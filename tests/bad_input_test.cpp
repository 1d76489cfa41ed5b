// Everything that a caller can get wrong, sent to a database the way callers
// send it. After each error the next request works, and what was acknowledged
// before is still there.
#include "tests/catch.hpp"
#include "tests/client_fixture.hpp"
#include "tests/immutable.hpp"
#include "tests/stranger.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <sqlite3.h>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

/// "invalid_sql@0: SELEC 1": the code, the statement and its SQL.
std::string verdict_on(const caf::error& err) {
  auto what = failure_of(err);
  auto result = outcome_of(err);
  if (what.statement >= 0)
    result += "@" + std::to_string(what.statement);
  return what.sql.empty() ? result : result + ": " + what.sql;
}

template <class T>
std::string verdict_on(const caf::expected<T>& reply) {
  return reply ? "ok" : verdict_on(reply.error());
}

template <class T>
std::string message_of(const caf::expected<T>& reply) {
  return reply ? "ok" : failure_of(reply.error()).message;
}

/// Fails unless `text` contains `part`, and shows both.
void check_contains(const std::string& text, const std::string& part) {
  INFO(text);
  INFO(part);
  CHECK(text.find(part) != std::string::npos);
}

void say_not_tested() {
  WARN("not tested: root can write everything here, and chattr does not work");
}

/// A file with tables to do wrong to, and rows that must never get lost.
class bad_input_fixture : public client_fixture {
public:
  /// Opens the file, with what a test has set in `opts`.
  void start() {
    open();
    must("CREATE TABLE kept(a INTEGER PRIMARY KEY)");
    must("CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT NOT NULL DEFAULT '' "
         "CHECK(b <> 'bad'))");
    must("CREATE TABLE child(a INTEGER REFERENCES t(a) "
         "DEFERRABLE INITIALLY DEFERRED)");
    must("CREATE TRIGGER no_nine BEFORE INSERT ON t WHEN NEW.a = 9 "
         "BEGIN SELECT RAISE(ROLLBACK, 'nine'); END");
    keep();
  }

  /// Writes a row that must not get lost.
  void keep() {
    must("INSERT INTO kept(a) VALUES(?)", ++kept_);
    expected_ += (kept_ > 1 ? " " : "") + std::to_string(kept_);
  }

  /// Shows that nothing that was acknowledged is lost, and that both kinds of
  /// requests work as if nothing had happened.
  void check_unharmed() {
    CHECK(rows("SELECT a FROM kept ORDER BY a") == expected_);
    keep();
    CHECK(rows("SELECT a FROM kept ORDER BY a") == expected_);
  }

  template <class... Ts>
  std::string writing(std::string sql, Ts&&... xs) {
    return verdict_on(db->write(std::move(sql), std::forward<Ts>(xs)...));
  }

  template <class... Ts>
  std::string querying(std::string sql, Ts&&... xs) {
    return verdict_on(db->query(std::move(sql), std::forward<Ts>(xs)...));
  }

  /// What a statement that only reads says on the writer's own connection.
  std::string on_writer(std::string sql) {
    auto receipt = must(std::move(sql));
    return receipt.returned.empty() ? "" : in_one_line(receipt.returned[0]);
  }

private:
  int64_t kept_ = 0;
  std::string expected_;
};

/// The same, opened with what is the default.
class open_fixture : public bad_input_fixture {
public:
  open_fixture() {
    start();
  }
};

const auto endless = std::string{
  "INSERT INTO t(a) WITH RECURSIVE n(x) AS (SELECT 1000 UNION ALL SELECT x + 1 "
  "FROM n) SELECT x FROM n"};

} // namespace

// -- SQL --------------------------------------------------------------------------

TEST_CASE_METHOD(open_fixture, "a syntax error names the statement") {
  auto reply = db->write("SELEC 1");
  CHECK(verdict_on(reply) == "invalid_sql@0: SELEC 1");
  check_contains(message_of(reply), "syntax error");
  check_unharmed();
  write two{"INSERT INTO t(a) VALUES(1)"};
  two.then("INSERT INTO t(a) VALUES(2)").then("INSERT INTO t(a) VALUES(3");
  CHECK(verdict_on(db->write(two))
        == "invalid_sql@2: INSERT INTO t(a) VALUES(3");
  CHECK(rows("SELECT a FROM t") == "");
  CHECK(querying("SELECT * FORM t") == "invalid_sql: SELECT * FORM t");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "a missing table or column is named") {
  auto reply = db->write("INSERT INTO nowhere(a) VALUES(1)");
  CHECK(verdict_on(reply) == "invalid_sql@0: INSERT INTO nowhere(a) VALUES(1)");
  check_contains(message_of(reply), "no such table: nowhere");
  auto found = db->query("SELECT z FROM t");
  CHECK(verdict_on(found) == "invalid_sql: SELECT z FROM t");
  check_contains(message_of(found), "no such column: z");
  // As soon as the table is there the same statement works.
  must("CREATE TABLE nowhere(a INTEGER)");
  must("INSERT INTO nowhere(a) VALUES(1)");
  CHECK(rows("SELECT a FROM nowhere") == "1");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "parameters have to match their values") {
  auto two = std::string{"INSERT INTO t(a, b) VALUES(?, ?)"};
  auto refused = "invalid_parameters@0: " + two;
  CHECK(writing(two) == refused);
  CHECK(writing(two, 1) == refused);
  CHECK(writing(two, 1, "one", "more") == refused);
  CHECK(writing(two, named(":a", 1), named(":b", "one")) == refused);
  auto by_name = std::string{"INSERT INTO t(a, b) VALUES(:a, :b)"};
  refused = "invalid_parameters@0: " + by_name;
  CHECK(writing(by_name, named(":a", 1)) == refused);
  CHECK(writing(by_name, named(":a", 1), named(":c", "one")) == refused);
  CHECK(writing(by_name, named("a", 1), named("b", "one")) == refused);
  CHECK(writing(by_name, named(":a", 1), named(":a", 2), named(":b", "one"))
        == refused);
  CHECK(writing(by_name, named(":a", 1), named(":b", "one"), named(":c", 2))
        == refused);
  // The two kinds do not mix.
  CHECK(writing(by_name, named(":a", 1), "one") == refused);
  CHECK(writing("INSERT INTO t(a) VALUES(1)", 1)
        == "invalid_parameters@0: INSERT INTO t(a) VALUES(1)");
  CHECK(querying("SELECT ?") == "invalid_parameters: SELECT ?");
  CHECK(querying("SELECT 1", 1) == "invalid_parameters: SELECT 1");
  CHECK(querying("SELECT :a", named(":b", 1))
        == "invalid_parameters: SELECT :a");
  CHECK(rows("SELECT a FROM t") == "");
  must(write{by_name, named(":b", "one"), named(":a", 1)});
  CHECK(rows("SELECT a, b FROM t") == "1|'one'");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "what was bound never shows in an error") {
  must("INSERT INTO t(a, b) VALUES(1, 'x')");
  auto secret = std::string{"secret-4711"};
  for (auto& reply :
       {db->write("INSERT INTO t(a, b) VALUES(1, ?)", secret),
        db->write("INSERT INTO t(a, b) VALUES(?, ?)", secret),
        db->write("INSERT INTO t(a, b) VALUES(:a, :b)", named(":b", secret)),
        db->write("INSERT INTO t(a, b) VALUES(?, ?)", secret, 2)}) {
    REQUIRE_FALSE(reply);
    auto text = describe(reply.error());
    INFO(text);
    CHECK(text.find(secret) == std::string::npos);
  }
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture,
                 "a write of a statement without SQL is refused") {
  for (auto sql : {"", "  \n", ";", "-- nothing", "/* nothing */ ;"}) {
    CHECK(verdict_on(db->write(sql)).substr(0, 17) == "empty_statement@0");
    CHECK(outcome_of(db->query(sql)) == "empty_statement");
  }
  CHECK(outcome_of(db->write(write{})) == "empty_statement");
  write second{"INSERT INTO t(a) VALUES(1)"};
  second.then("");
  CHECK(verdict_on(db->write(second)) == "empty_statement@1");
  CHECK(rows("SELECT a FROM t") == "");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "a second statement is not silently ignored") {
  auto both = std::string{"INSERT INTO t(a) VALUES(1); DROP TABLE kept"};
  CHECK(writing(both) == "multiple_statements@0: " + both);
  CHECK(querying("SELECT 1; SELECT 2")
        == "multiple_statements: SELECT 1; SELECT 2");
  CHECK(rows("SELECT a FROM t") == "");
  must("INSERT INTO t(a) VALUES(1);  -- no second statement\n ;");
  CHECK(rows("SELECT a FROM t;") == "1");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "values that SQLite would change are refused") {
  auto insert = std::string{"INSERT INTO t(a, b) VALUES(1, ?)"};
  CHECK(writing(insert, "\xff\xfe") == "invalid_text@0: " + insert);
  CHECK(writing(insert, std::nan("")) == "not_a_number@0: " + insert);
  CHECK(querying("SELECT ?", "\xc3") == "invalid_text: SELECT ?");
  CHECK(querying("SELECT ?", -std::nan("")) == "not_a_number: SELECT ?");
  CHECK(outcome_of(db->write("INSERT INTO t(a) VALUES('\xff')"))
        == "invalid_text");
  CHECK(rows("SELECT a FROM t") == "");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "values come back as they went in") {
  must("CREATE TABLE any(id INTEGER PRIMARY KEY, x)");
  using limits = std::numeric_limits<int64_t>;
  using doubles = std::numeric_limits<double>;
  const std::vector<value> values{
    null{},
    0,
    -1,
    limits::min(),
    limits::max(),
    0.0,
    -0.0,
    2.0,
    0.1,
    doubles::infinity(),
    -doubles::infinity(),
    doubles::min(),
    doubles::denorm_min(),
    doubles::max(),
    "",
    "text",
    std::string("a\0b", 3),
    std::string(1, '\0'),
    "\xf0\x9f\x90\x9d \xc3\xa9",
    std::string(1'000'000, 'x'),
    blob{},
    blob{std::byte{0}},
    blob{std::byte{'a'}, std::byte{0xff}, std::byte{0}},
    blob(1'000'000, std::byte{7}),
  };
  for (auto& x : values) {
    auto receipt = must("INSERT INTO any(x) VALUES(?) RETURNING x", x);
    CHECK(receipt.returned.at(0).rows.at(0).get<value>(0) == x);
    auto found
      = db->query("SELECT x FROM any WHERE id = ?", receipt.last_insert_rowid);
    REQUIRE(found);
    CHECK(found->rows.at(0).get<value>(0) == x);
  }
  check_unharmed();
}

// -- what only the owner may do -----------------------------------------------------

TEST_CASE_METHOD(open_fixture, "transaction control is refused") {
  for (auto sql :
       {"BEGIN", "BEGIN IMMEDIATE", "COMMIT", "END", "ROLLBACK", "SAVEPOINT a",
        "RELEASE a", "ROLLBACK TO a", "/* hidden */ COMMIT"}) {
    CHECK(writing(sql) == std::string{"not_allowed@0: "} + sql);
    CHECK(querying(sql) == std::string{"not_a_query: "} + sql);
  }
  // In the middle of a write, whose statements before it are undone.
  write three{"INSERT INTO t(a) VALUES(1)"};
  three.then("COMMIT").then("INSERT INTO t(a) VALUES(2)");
  CHECK(verdict_on(db->write(three)) == "not_allowed@1: COMMIT");
  CHECK(rows("SELECT a FROM t") == "");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "other files are out of reach") {
  auto other = folder.file("other.db");
  auto attach = "ATTACH '" + other + "' AS other";
  CHECK(writing(attach) == "not_allowed@0: " + attach);
  CHECK(querying(attach) == "not_a_query: " + attach);
  CHECK(writing("DETACH other") == "not_allowed@0: DETACH other");
  auto copy = "VACUUM INTO '" + other + "'";
  CHECK(writing(copy) == "not_allowed@0: " + copy);
  CHECK(writing("VACUUM") == "not_allowed@0: VACUUM");
  CHECK(outcome_of(db->query(copy)) == "not_a_query");
  CHECK_FALSE(fs::exists(other));
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "there may be nothing to create or to drop") {
  must("CREATE INDEX i ON t(a)");
  // Once for each connection: what is prepared is not looked at again.
  for (auto i = 0; i < 2; ++i) {
    for (auto sql : {"CREATE TABLE IF NOT EXISTS t(a)",
                     "CREATE INDEX IF NOT EXISTS i ON "
                     "t(a)",
                     "DROP TABLE IF EXISTS x", "DROP INDEX IF EXISTS x",
                     "DROP VIEW IF EXISTS x", "DROP TRIGGER IF EXISTS x",
                     " ; -- as scripts have it\n drop table if exists x"})
      CHECK(writing(sql) == std::string{"ok"});
    for (auto sql : {"VACUUM", "\xef\xbb\xbfVACUUM", "/* drop */ vacuum"})
      CHECK(writing(sql) == std::string{"not_allowed@0: "} + sql);
    reopen();
  }
}

TEST_CASE_METHOD(open_fixture, "settings of the connection stay as they are") {
  auto settings = [this] {
    std::string result;
    for (auto name : {"synchronous", "foreign_keys", "busy_timeout",
                      "auto_vacuum", "recursive_triggers", "cache_size"})
      result += on_writer(std::string{"PRAGMA "} + name) + " ";
    return result;
  };
  auto before = settings();
  for (auto sql :
       {"PRAGMA journal_mode = DELETE", "PRAGMA journal_mode",
        "PRAGMA synchronous = OFF", "PRAGMA foreign_keys = OFF",
        "PRAGMA wal_checkpoint", "PRAGMA wal_checkpoint(TRUNCATE)",
        "PRAGMA wal_autocheckpoint = 1", "PRAGMA locking_mode = EXCLUSIVE",
        "PRAGMA writable_schema = ON", "PRAGMA busy_timeout = 60000",
        "PRAGMA query_only = ON", "PRAGMA mmap_size = 1000000",
        "PRAGMA ignore_check_constraints = ON", "PRAGMA cache_size = 1",
        "PRAGMA recursive_triggers = ON", "PRAGMA hard_heap_limit = 1",
        "PRAGMA temp_store_directory = '/tmp'", "PRAGMA unheard_of = 1"}) {
    CHECK(writing(sql) == std::string{"not_allowed@0: "} + sql);
    CHECK(querying(sql) == std::string{"not_a_query: "} + sql);
  }
  CHECK(settings() == before);
  CHECK(rows("PRAGMA foreign_keys") == "1");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "load_extension is refused") {
  auto sql = std::string{"SELECT load_extension('/tmp/evil.so')"};
  auto reply = db->write(sql);
  CHECK(verdict_on(reply) == "not_allowed@0: " + sql);
  check_contains(message_of(reply), "load_extension");
  CHECK(querying(sql) == "not_a_query: " + sql);
  CHECK(outcome_of(db->write("INSERT INTO t(b) VALUES(LOAD_EXTENSION('x'))"))
        == "not_allowed");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "temporary objects and reserved names are "
                               "refused") {
  for (auto sql :
       {"CREATE TEMP TABLE x(a)", "CREATE TEMP VIEW x AS SELECT 1",
        "CREATE TABLE onewriter_mine(a)", "DROP TABLE onewriter_dead_letter",
        "DELETE FROM onewriter_idempotency",
        "UPDATE onewriter_dead_letter SET attempts = 0",
        "ALTER TABLE onewriter_dead_letter RENAME TO mine",
        "ALTER TABLE kept RENAME TO \"OneWriter_fts_9\"",
        "INSERT INTO OneWriter_Dead_Letter(id) VALUES(1)"})
    CHECK(writing(sql) == std::string{"not_allowed@0: "} + sql);
  CHECK(rows("SELECT COUNT(*) FROM onewriter_dead_letter") == "0");
  check_unharmed();
}

// -- constraints ----------------------------------------------------------------------

TEST_CASE_METHOD(open_fixture, "a violated constraint fails its write") {
  must("INSERT INTO t(a, b) VALUES(1, 'one')");
  must("CREATE TABLE strict_child(a INTEGER REFERENCES t(a))");
  for (auto sql : {
         "INSERT INTO t(a, b) VALUES(1, 'again')",
         "INSERT INTO t(a, b) VALUES(2, NULL)",
         "INSERT INTO t(a, b) VALUES(2, 'bad')",
         "INSERT INTO t(a, b) VALUES('no number', '')",
         "INSERT INTO strict_child(a) VALUES(77)",
         "DELETE FROM t WHERE a = (SELECT 1 FROM strict_child)",
       })
    if (std::string{sql}.rfind("DELETE", 0) != 0)
      CHECK(writing(sql) == std::string{"constraint_violated@0: "} + sql);
  CHECK(rows("SELECT a, b FROM t") == "1|'one'");
  auto reply = db->write("INSERT INTO t(a) VALUES(1)");
  REQUIRE_FALSE(reply);
  CHECK(failure_of(reply.error()).sqlite_code == SQLITE_CONSTRAINT_PRIMARYKEY);
  check_contains(message_of(reply), "UNIQUE constraint failed: t.a");
  CHECK(advice_of(code_of(reply.error())) == advice::fix_request);
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "a write is undone whole when its last "
                               "statement fails") {
  write many{"INSERT INTO t(a) VALUES(1)"};
  many.then("UPDATE kept SET a = a + 100").then("INSERT INTO t(a) VALUES(1)");
  CHECK(verdict_on(db->write(many))
        == "constraint_violated@2: INSERT INTO t(a) VALUES(1)");
  CHECK(rows("SELECT a FROM t") == "");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "a violated constraint in a batch hurts nobody "
                               "else") {
  auto holder = hold();
  auto before = send(write{"INSERT INTO t(a, b) VALUES(1, 'before')"});
  auto guilty = send(write{"INSERT INTO t(a, b) VALUES(1, 'guilty')"});
  auto after = send(write{"INSERT INTO t(a, b) VALUES(2, 'after')"});
  auto last = send(write{"INSERT INTO t(a, b) VALUES(3, 'last')"});
  pass_on();
  CHECK(holder.release() == "ok");
  auto first = before.reply();
  CHECK(verdict_on(guilty.reply())
        == "constraint_violated@0: INSERT INTO t(a, b) VALUES(1, 'guilty')");
  auto second = after.reply();
  auto third = last.reply();
  REQUIRE((first && second && third));
  // They shared one transaction with the guilty one.
  CHECK(first->shared >= 3);
  CHECK(first->commit == second->commit);
  CHECK(first->commit == third->commit);
  CHECK(stats().batches_repeated == 0);
  CHECK(rows("SELECT a, b FROM t") == "1|'before' 2|'after' 3|'last'");
  check_unharmed();
}

// Whatever undoes the transaction of all: a conflict clause, a trigger, a
// function that does not look, a statement that leaves rows behind.
TEST_CASE_METHOD(open_fixture, "whoever rolls back a batch is alone in it") {
  must("INSERT INTO t(a, b) VALUES(50, 'old')");
  auto holder = hold();
  auto before = send(write{"INSERT INTO t(a, b) VALUES(1, 'before')"});
  auto returning
    = send(write{"INSERT INTO t(a, b) VALUES(2, 'before') RETURNING a + 1000"});
  std::optional<sent_write> guilty;
  SECTION("with INSERT OR ROLLBACK") {
    guilty.emplace(send(write{"INSERT OR ROLLBACK INTO t(a) VALUES(50)"}));
  }
  SECTION("with INSERT OR ROLLBACK among statements that work") {
    write many{"INSERT INTO t(a) VALUES(60)"};
    many.then("INSERT OR ROLLBACK INTO t(a) VALUES(50)");
    many.then("INSERT INTO t(a) VALUES(61)");
    guilty.emplace(send(many));
  }
  SECTION("with RAISE(ROLLBACK) in a trigger") {
    guilty.emplace(send(write{"INSERT INTO t(a) VALUES(9)"}));
  }
  SECTION("with UPDATE OR ROLLBACK") {
    guilty.emplace(send(write{"UPDATE OR ROLLBACK t SET a = 50 WHERE a = 1"}));
  }
  SECTION("with INSERT OR FAIL, which keeps the rows before the conflict") {
    guilty.emplace(
      send(write{"INSERT OR FAIL INTO t(a) VALUES(60), (50), (61)"}));
  }
  SECTION("with a function that takes no notice") {
    transaction deaf;
    deaf.function = [](session& at) -> caf::expected<result_set> {
      static_cast<void>(at.run("INSERT OR ROLLBACK INTO t(a) VALUES(50)"));
      static_cast<void>(at.run("INSERT INTO t(a) VALUES(60)"));
      return result_set{};
    };
    guilty.emplace(send(deaf));
  }
  auto after = send(write{"INSERT INTO t(a, b) VALUES(3, 'after')"});
  auto last = send(write{"INSERT INTO t(a, b) VALUES(4, 'after')"});
  pass_on();
  CHECK(holder.release() == "ok");
  auto returned = returning.reply();
  CHECK(outcome_of(guilty->reply()) == "constraint_violated");
  auto receipt = before.reply();
  REQUIRE((receipt && returned));
  CHECK(outcome_of(after.reply()) == "ok");
  CHECK(outcome_of(last.reply()) == "ok");
  CHECK(in_one_line(returned->returned.at(0)) == "1002");
  CHECK(returned->returned.size() == 1);
  CHECK(stats().batches_repeated == 1);
  CHECK(rows("SELECT a, b FROM t ORDER BY a")
        == "1|'before' 2|'before' 3|'after' 4|'after' 50|'old'");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "a deferred foreign key fails its own write") {
  CHECK(outcome_of(db->write("INSERT INTO child(a) VALUES(5)"))
        == "constraint_violated");
  auto holder = hold();
  auto before = send(write{"INSERT INTO t(a) VALUES(1)"});
  auto guilty = send(write{"INSERT INTO child(a) VALUES(5)"});
  write both{"INSERT INTO child(a) VALUES(6)"};
  both.then("INSERT INTO t(a) VALUES(6)");
  auto mended = send(both);
  // Would be the parent that the guilty one lacks, in the same transaction.
  auto after = send(write{"INSERT INTO t(a) VALUES(5)"});
  pass_on();
  CHECK(holder.release() == "ok");
  CHECK(outcome_of(before.reply()) == "ok");
  auto reply = guilty.reply();
  CHECK(verdict_on(reply)
        == "constraint_violated@0: INSERT INTO child(a) VALUES(5)");
  REQUIRE_FALSE(reply);
  CHECK(failure_of(reply.error()).sqlite_code == SQLITE_CONSTRAINT_FOREIGNKEY);
  CHECK(outcome_of(mended.reply()) == "ok");
  CHECK(outcome_of(after.reply()) == "ok");
  CHECK(rows("SELECT a FROM t ORDER BY a") == "1 5 6");
  CHECK(rows("SELECT a FROM child") == "6");
  must("INSERT INTO child(a) VALUES(5)");
  CHECK(rows("SELECT a FROM child ORDER BY a") == "5 6");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "a demand for changed rows is met or refused") {
  must("INSERT INTO t(a, b) VALUES(1, 'old')");
  write what;
  what.statements.push_back(statement{"INSERT INTO t(a) VALUES(2)"});
  what.statements.push_back(
    statement{"UPDATE t SET b = 'new' WHERE b = 'other'"}.expect(1));
  CHECK(verdict_on(db->write(what))
        == "unexpected_changes@1: UPDATE t SET b = 'new' WHERE b = 'other'");
  CHECK(rows("SELECT a, b FROM t") == "1|'old'");
  check_unharmed();
}

// -- sizes -----------------------------------------------------------------------------

TEST_CASE_METHOD(bad_input_fixture, "a value over the size limit is refused") {
  opts.max_value_bytes = 1'000;
  start();
  auto insert = std::string{"INSERT INTO t(b) VALUES(?)"};
  CHECK(writing(insert, std::string(1'001, 'x')) == "too_big@0: " + insert);
  CHECK(
    writing("INSERT INTO kept(a) VALUES(LENGTH(?))", blob(1'001, std::byte{1}))
    == "too_big@0: INSERT INTO kept(a) VALUES(LENGTH(?))");
  CHECK(outcome_of(db->write("INSERT INTO t(b) VALUES('"
                             + std::string(1'001, 'x') + "')"))
        == "too_big");
  CHECK(outcome_of(db->query("SELECT ?", std::string(1'001, 'x')))
        == "too_big");
  // What SQL computes is stopped by SQLite's own limit.
  CHECK(outcome_of(db->write("INSERT INTO t(b) VALUES(ZEROBLOB(100000000))"))
        == "too_big");
  CHECK(rows("SELECT COUNT(*) FROM t") == "0");
  must(write{insert, std::string(1'000, 'x')});
  CHECK(rows("SELECT LENGTH(b) FROM t") == "1000");
  check_unharmed();
}

TEST_CASE_METHOD(bad_input_fixture,
                 "a value over the limit in a batch hurts nobody "
                 "else") {
  opts.max_value_bytes = 1'000;
  start();
  auto holder = hold();
  auto before = send(write{"INSERT INTO t(a) VALUES(1)"});
  auto guilty
    = send(write{"INSERT INTO t(b) VALUES(?)", std::string(1'001, 'x')});
  auto after = send(write{"INSERT INTO t(a) VALUES(2)"});
  pass_on();
  CHECK(holder.release() == "ok");
  CHECK(outcome_of(before.reply()) == "ok");
  CHECK(outcome_of(guilty.reply()) == "too_big");
  auto receipt = after.reply();
  REQUIRE(receipt);
  CHECK(receipt->shared >= 2);
  CHECK(rows("SELECT a FROM t") == "1 2");
  check_unharmed();
}

TEST_CASE_METHOD(bad_input_fixture,
                 "more RETURNING rows than the limit undo the write") {
  opts.max_result_rows = 3;
  start();
  CHECK(outcome_of(db->write("INSERT INTO t(a) VALUES(1), (2), (3), (4) "
                             "RETURNING a"))
        == "too_big");
  CHECK(rows("SELECT a FROM t") == "");
  auto receipt = must("INSERT INTO t(a) VALUES(1), (2), (3) RETURNING a");
  CHECK(in_one_line(receipt.returned.at(0)) == "1 2 3");
  check_unharmed();
}

TEST_CASE_METHOD(bad_input_fixture,
                 "a write that no queue can hold has to be mended") {
  opts.queue.max_bytes = 10'000;
  start();
  auto reply
    = db->write("INSERT INTO t(b) VALUES(?)", std::string(20'000, 'x'));
  CHECK(outcome_of(reply) == "too_big");
  CHECK(rows("SELECT COUNT(*) FROM t") == "0");
  check_unharmed();
}

// -- time ------------------------------------------------------------------------------

TEST_CASE_METHOD(open_fixture, "what expired before it ran is never run") {
  auto holder = hold();
  write late{"INSERT INTO t(a) VALUES(1)"};
  late.deadline = 1ns;
  auto expired = send(late);
  auto waiting = send(write{"INSERT INTO t(a) VALUES(2)"});
  late.deadline = std::chrono::nanoseconds::max();
  late.statements = {statement{"INSERT INTO t(a) VALUES(3)"}};
  auto patient = send(late);
  pass_on();
  CHECK(holder.release() == "ok");
  CHECK(outcome_of(expired.reply()) == "deadline_exceeded");
  CHECK(outcome_of(waiting.reply()) == "ok");
  CHECK(outcome_of(patient.reply()) == "ok");
  CHECK(rows("SELECT a FROM t") == "2 3");
  CHECK(stats().writes.expired == 1);
  late.deadline = -1ns;
  CHECK(outcome_of(db->write(late)) == "invalid_argument");
  query question{"SELECT a FROM t"};
  question.deadline = 1ns;
  CHECK(outcome_of(db->query(question)) == "deadline_exceeded");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "a write that runs too long is stopped alone") {
  auto holder = hold();
  auto before = send(write{"INSERT INTO t(a) VALUES(1)"});
  write slow{endless};
  slow.run_limit = 20ms;
  auto stopped = send(slow);
  auto after = send(write{"INSERT INTO t(a) VALUES(2)"});
  pass_on();
  CHECK(holder.release() == "ok");
  CHECK(outcome_of(before.reply()) == "ok");
  CHECK(verdict_on(stopped.reply()) == "run_limit_exceeded@0: " + endless);
  CHECK(outcome_of(after.reply()) == "ok");
  CHECK(rows("SELECT a FROM t") == "1 2");
  slow.run_limit = -1ns;
  CHECK(outcome_of(db->write(slow)) == "invalid_argument");
  check_unharmed();
}

TEST_CASE_METHOD(bad_input_fixture,
                 "the database's own limit stops a write, too") {
  opts.write_run_limit = 200ms;
  start();
  CHECK(verdict_on(db->write(endless)) == "run_limit_exceeded@0: " + endless);
  transaction busy;
  busy.function = [](session& at) -> caf::expected<result_set> {
    auto first = at.run("INSERT INTO t(a) VALUES(1)");
    auto second = at.run(endless);
    return second ? first : second;
  };
  CHECK(outcome_of(db->transaction(busy)) == "run_limit_exceeded");
  CHECK(rows("SELECT a FROM t") == "");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "a query that runs too long is stopped") {
  query endless_query{"WITH RECURSIVE n(x) AS (VALUES(1) UNION ALL SELECT x + "
                      "1 FROM n) SELECT COUNT(*) FROM n"};
  endless_query.deadline = 20ms;
  CHECK(outcome_of(db->query(endless_query)) == "deadline_exceeded");
  check_unharmed();
}

// -- a full queue ------------------------------------------------------------------------

TEST_CASE_METHOD(bad_input_fixture,
                 "a full queue refuses at once and says when to "
                 "retry") {
  opts.queue.max_items = 3;
  start();
  auto holder = hold();
  auto second = send(write{"INSERT INTO t(a) VALUES(2)"});
  auto third = send(write{"INSERT INTO t(a) VALUES(3)"});
  auto fourth = send(write{"INSERT INTO t(a) VALUES(4)"});
  auto reply = fourth.reply();
  CHECK(outcome_of(reply) == "overloaded");
  REQUIRE_FALSE(reply);
  CHECK(failure_of(reply.error()).retry_after > 0ns);
  CHECK(advice_of(code_of(reply.error())) == advice::retry);
  auto numbers = stats().writes;
  CHECK(numbers.refused == 1);
  CHECK(numbers.pending == 3);
  // Whoever only reads is not concerned.
  CHECK(rows("SELECT a FROM t") == "");
  CHECK(holder.release() == "ok");
  CHECK(outcome_of(second.reply()) == "ok");
  CHECK(outcome_of(third.reply()) == "ok");
  must("INSERT INTO t(a) VALUES(4)");
  CHECK(rows("SELECT a FROM t") == "2 3 4");
  check_unharmed();
}

TEST_CASE_METHOD(bad_input_fixture,
                 "a queue is full when its bytes are used up") {
  opts.queue.max_bytes = 10'000;
  start();
  auto text = std::string(6'000, 'x');
  auto holder = hold();
  auto first = send(write{"INSERT INTO t(a, b) VALUES(1, ?)", text});
  auto second = send(write{"INSERT INTO t(a, b) VALUES(2, ?)", text});
  CHECK(outcome_of(second.reply()) == "overloaded");
  auto small = send(write{"INSERT INTO t(a, b) VALUES(3, 'small')"});
  pass_on();
  CHECK(holder.release() == "ok");
  CHECK(outcome_of(first.reply()) == "ok");
  CHECK(outcome_of(small.reply()) == "ok");
  must(write{"INSERT INTO t(a, b) VALUES(2, ?)", text});
  CHECK(rows("SELECT a, LENGTH(b) FROM t") == "1|6000 2|6000 3|5");
  CHECK(stats().writes.pending_bytes == 0);
  check_unharmed();
}

// -- the wrong place -----------------------------------------------------------------------

TEST_CASE_METHOD(open_fixture, "readers neither write nor checkpoint") {
  must("INSERT INTO t(a) VALUES(1)");
  // The indexer may still be asking the writer for unfinished jobs, once.
  for (auto commits = uint64_t{0}; commits != stats().commits;) {
    commits = stats().commits;
    auto log_before = fs::file_size(opts.path + "-wal");
    REQUIRE(log_before > 0);
    for (auto sql :
         {"INSERT INTO t(a) VALUES(2)", "UPDATE t SET a = 3", "DELETE FROM t",
          "CREATE TABLE x(a)", "DROP TABLE t", "CREATE INDEX i ON t(b)",
          "PRAGMA wal_checkpoint", "PRAGMA wal_checkpoint(TRUNCATE)",
          "PRAGMA query_only = 0", "PRAGMA user_version = 7", "REINDEX",
          "ANALYZE", "DELETE FROM t RETURNING a"})
      CHECK(querying(sql) == std::string{"not_a_query: "} + sql);
    if (commits == stats().commits)
      CHECK(fs::file_size(opts.path + "-wal") == log_before);
  }
  open_cursor scan;
  scan.what = query{"DELETE FROM t"};
  CHECK(outcome_of(ask<cursor_actor>(db->database(), scan)) == "not_a_query");
  CHECK(rows("SELECT a FROM t") == "1");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "names of functions and dead letters that do "
                               "not exist are refused") {
  CHECK(outcome_of(db->call("nothing", 1)) == "no_such_function");
  CHECK(outcome_of(db->replay(4711)) == "no_such_dead_letter");
  CHECK(outcome_of(db->discard(-1)) == "no_such_dead_letter");
  CHECK(outcome_of(db->transaction(transaction{})) == "invalid_argument");
  check_unharmed();
}

// -- the index ---------------------------------------------------------------------------

TEST_CASE_METHOD(open_fixture, "names in an index may hold quotes and more") {
  const std::vector<std::string> names{"it's", "say \"so\"", "a`b[c]",
                                       "x; DROP TABLE t; --", "%s \\ \n"};
  for (auto& name : names) {
    INFO(name);
    chunked_index what;
    what.index = name;
    what.key = "key of " + name;
    what.text = "the quick brown fox";
    auto indexed = db->index(what);
    REQUIRE(indexed);
    search words;
    words.index = name;
    words.expression = "brown";
    auto hits = db->search(words);
    REQUIRE(hits);
    REQUIRE(hits->hits.size() == 1);
    CHECK(hits->hits[0].key == what.key);
    CHECK(hits->hits[0].offset == 10);
    CHECK(outcome_of(db->remove({name, what.key})) == "ok");
    hits = db->search(words);
    REQUIRE(hits);
    CHECK(hits->hits.empty());
  }
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "names that an index cannot have are refused") {
  chunked_index what;
  what.text = "text";
  what.index = "";
  what.key = "key";
  CHECK(outcome_of(db->index(what)) == "invalid_argument");
  what.index = std::string(256, 'i');
  CHECK(outcome_of(db->index(what)) == "invalid_argument");
  what.index = "index";
  what.key = "";
  CHECK(outcome_of(db->index(what)) == "invalid_argument");
  what.key = std::string(4'097, 'k');
  CHECK(outcome_of(db->index(what)) == "invalid_argument");
  what.key = "\xff";
  CHECK(outcome_of(db->index(what)) == "invalid_text");
  what.key = "key";
  what.text = "\xff";
  CHECK(outcome_of(db->index(what)) == "invalid_text");
  what.text.clear();
  what.path = folder.file("missing.txt");
  CHECK(outcome_of(db->index(what)) == "unreadable_document");
  what.path = folder.path();
  CHECK(outcome_of(db->index(what)) == "unreadable_document");
  what.path.clear();
  what.text = "text";
  CHECK(outcome_of(db->index(what)) == "ok");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "an FTS expression that does not parse is "
                               "refused") {
  chunked_index what;
  what.index = "words";
  what.key = "fox";
  what.text = "the quick brown fox";
  REQUIRE(db->index(what));
  search words;
  words.index = "words";
  for (auto expression : {"\"unbalanced", "AND", "fox AND", "(fox",
                          "nowhere : fox", "", "NEAR("}) {
    words.expression = expression;
    INFO(expression);
    CHECK(outcome_of(db->search(words)) == "invalid_search");
  }
  words.expression = "fox";
  words.max_hits = 0;
  CHECK(outcome_of(db->search(words)) == "invalid_argument");
  words.max_hits = 20;
  words.index = "missing";
  CHECK(outcome_of(db->search(words)) == "no_such_index");
  words.index = "words";
  auto hits = db->search(words);
  REQUIRE(hits);
  CHECK(hits->hits.at(0).key == "fox");
  // In a table of the caller's own it is an error of the SQL.
  must("CREATE VIRTUAL TABLE own USING fts5(body)");
  must("INSERT INTO own(body) VALUES('the fox')");
  CHECK(outcome_of(
          db->query("SELECT body FROM own WHERE own MATCH ?", "\"unbalanced"))
        == "invalid_sql");
  CHECK(rows("SELECT body FROM own WHERE own MATCH ?", "fox") == "'the fox'");
  check_unharmed();
}

// -- files ---------------------------------------------------------------------------------

TEST_CASE_METHOD(bad_input_fixture,
                 "a file that is no database is left alone") {
  auto content = std::string(5'000, 'x');
  std::ofstream{opts.path} << content;
  auto err = try_open();
  CHECK(outcome_of(err) == "not_a_database");
  CHECK(advice_of(code_of(err)) == advice::give_up);
  std::ifstream file{opts.path};
  CHECK(std::string(std::istreambuf_iterator<char>{file}, {}) == content);
  CHECK_FALSE(fs::exists(opts.path + "-wal"));
  fs::remove(opts.path);
  start();
  check_unharmed();
}

TEST_CASE_METHOD(bad_input_fixture,
                 "whoever asks a database that cannot be opened gets "
                 "the reason") {
  std::ofstream{opts.path} << std::string(5'000, 'x');
  client failed{sys, own(spawn_database(sys, opts))};
  CHECK(outcome_of(failed.write("SELECT 1")) == "not_a_database");
  CHECK(outcome_of(failed.query("SELECT 1")) == "not_a_database");
  CHECK(outcome_of(failed.describe()) == "not_a_database");
  auto numbers = failed.statistics();
  REQUIRE(numbers);
  CHECK(numbers->state == "failed");
  CHECK(outcome_of(failed.close()) == "not_a_database");
}

TEST_CASE_METHOD(bad_input_fixture,
                 "a read-only file is refused until it is writable") {
  start();
  must("INSERT INTO t(a, b) VALUES(1, 'old')");
  close();
  immutable file{opts.path};
  if (!file.works())
    return say_not_tested();
  CHECK(outcome_of(try_open()) == "read_only");
  CHECK(outcome_of(try_open()) == "read_only");
  file.mend();
  open();
  CHECK(rows("SELECT a, b FROM t") == "1|'old'");
  check_unharmed();
}

TEST_CASE_METHOD(bad_input_fixture, "a read-only folder is refused until it is "
                                    "writable") {
  fs::create_directory(folder.file("shut"));
  opts.path = folder.file("shut/test.db");
  start();
  close();
  immutable shut{folder.file("shut")};
  if (!shut.works())
    return say_not_tested();
  CHECK(outcome_of(try_open()) == "read_only");
  shut.mend();
  open();
  check_unharmed();
}

TEST_CASE_METHOD(bad_input_fixture,
                 "a missing folder is refused until it exists") {
  opts.path = folder.file("missing/test.db");
  auto err = try_open();
  CHECK(outcome_of(err) == "cannot_open");
  check_contains(failure_of(err).message, "missing");
  CHECK_FALSE(fs::exists(folder.file("missing")));
  fs::create_directory(folder.file("missing"));
  start();
  check_unharmed();
}

TEST_CASE_METHOD(bad_input_fixture, "paths that name no file are refused") {
  auto outcome = [this](std::string path) {
    opts.path = std::move(path);
    return outcome_of(try_open());
  };
  CHECK(outcome("") == "invalid_argument");
  CHECK(outcome(folder.path()) == "cannot_open");
  CHECK(outcome(":memory:") == "no_write_ahead_log");
  CHECK(outcome(folder.file(std::string("a\0b", 3))) == "invalid_argument");
  opts.path = folder.file("good.db");
  start();
  check_unharmed();
}

// -- somebody else's lock ------------------------------------------------------------------

TEST_CASE_METHOD(open_fixture, "writes wait for another program's lock, and "
                               "nobody sees it") {
  stranger other{opts.path};
  other.run("BEGIN EXCLUSIVE");
  auto first = send(write{"INSERT INTO t(a, b) VALUES(1, 'waits')"});
  auto second = send(write{"INSERT INTO t(a, b) VALUES(2, 'waits')"});
  // Far longer than SQLite's own patience: each wait stands for one of its
  // timeouts.
  REQUIRE(eventually([this] { return stats().lock_waits >= 5; }));
  CHECK(stats().writes.pending == 2);
  // Readers do not mind.
  CHECK(rows("SELECT a FROM kept") == "1");
  other.run("INSERT INTO t(a, b) VALUES(3, 'stranger')");
  other.run("COMMIT");
  CHECK(outcome_of(first.reply()) == "ok");
  CHECK(outcome_of(second.reply()) == "ok");
  CHECK(rows("SELECT a, b FROM t") == "1|'waits' 2|'waits' 3|'stranger'");
  check_unharmed();
}

TEST_CASE_METHOD(bad_input_fixture,
                 "patience with another program's lock has an end") {
  opts.lock_patience = 50ms;
  start();
  stranger other{opts.path};
  other.run("BEGIN EXCLUSIVE");
  auto reply = db->write("INSERT INTO t(a) VALUES(1)");
  CHECK(outcome_of(reply) == "busy");
  REQUIRE_FALSE(reply);
  CHECK(advice_of(code_of(reply.error())) == advice::retry);
  CHECK(rows("SELECT a FROM kept") == "1");
  other.run("ROLLBACK");
  must("INSERT INTO t(a) VALUES(2)");
  CHECK(rows("SELECT a FROM t") == "2");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "a deadline passes while another program holds "
                               "the lock") {
  stranger other{opts.path};
  other.run("BEGIN EXCLUSIVE");
  write hasty{"INSERT INTO t(a) VALUES(1)"};
  hasty.deadline = 30ms;
  auto expired = send(hasty);
  auto patient = send(write{"INSERT INTO t(a) VALUES(2)"});
  CHECK(outcome_of(expired.reply()) == "deadline_exceeded");
  other.run("COMMIT");
  CHECK(outcome_of(patient.reply()) == "ok");
  CHECK(rows("SELECT a FROM t") == "2");
  check_unharmed();
}

TEST_CASE_METHOD(bad_input_fixture,
                 "a file that is locked is opened when it is free") {
  start();
  close();
  std::optional<stranger> other{std::in_place, opts.path};
  SECTION("by a writer") {
    other->run("BEGIN EXCLUSIVE");
  }
  SECTION("by a connection that keeps everybody out") {
    other->run("PRAGMA locking_mode = EXCLUSIVE");
    other->run("BEGIN EXCLUSIVE");
  }
  opts.lock_patience = 50ms;
  CHECK(outcome_of(try_open()) == "busy");
  opts.lock_patience = patience;
  client waiting{sys, own(spawn_database(sys, opts))};
  sent_write early{sys, waiting.database(),
                   write{"INSERT INTO t(a) VALUES(1)"}};
  // Opening is tried again and again.
  REQUIRE(eventually([&] {
    auto numbers = waiting.statistics();
    return numbers && numbers->lock_waits >= 3;
  }));
  other.reset();
  CHECK(outcome_of(early.reply()) == "ok");
  REQUIRE(waiting.close());
  open();
  CHECK(rows("SELECT a FROM t") == "1");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "a second owner is refused, and the first goes "
                               "on") {
  auto second = opts;
  second.lock_patience = 50ms;
  auto reply = open_database(sys, second);
  CHECK(outcome_of(reply) == "busy");
  check_contains(message_of(reply), "owned by");
  check_unharmed();
}

// -- after the end -------------------------------------------------------------------------

TEST_CASE_METHOD(open_fixture, "whatever comes after close is refused") {
  must("INSERT INTO t(a) VALUES(1)");
  auto receipt = close();
  CHECK(receipt.drained);
  CHECK(outcome_of(db->write("INSERT INTO t(a) VALUES(2)")) == "closed");
  CHECK(outcome_of(db->query("SELECT 1")) == "closed");
  CHECK(outcome_of(db->call("f")) == "closed");
  CHECK(outcome_of(db->transaction([](session&) { return result_set{}; }))
        == "closed");
  CHECK(outcome_of(db->index({"i", "k", "", "text", {}})) == "closed");
  CHECK(outcome_of(db->search({"i", "text", 20, 0ns})) == "closed");
  CHECK(outcome_of(db->dead_letters()) == "closed");
  CHECK(outcome_of(db->replay(1)) == "closed");
  CHECK(outcome_of(db->discard(1)) == "closed");
  CHECK(outcome_of(db->checkpoint()) == "closed");
  CHECK(outcome_of(db->check_integrity()) == "closed");
  CHECK(outcome_of(db->describe()) == "closed");
  db->best_effort("key", "INSERT INTO t(a) VALUES(3)");
  CHECK(stats().best_effort.dropped_closed == 1);
  CHECK(stats().state == "closed");
  CHECK(receipt.final_statistics.writes.acknowledged > 0);
  CHECK(receipt.final_statistics.state == "closed");
  open();
  CHECK(rows("SELECT a FROM t") == "1");
  check_unharmed();
}
