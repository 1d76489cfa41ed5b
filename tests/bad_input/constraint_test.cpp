// Constraints that a write violates, alone and in a batch.
#include "tests/bad_input/bad_input_fixture.hpp"

#include <sqlite3.h>

#include <optional>
#include <string>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

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

TEST_CASE_METHOD(open_fixture, "a violated constraint in a batch hurts no "
                               "other write") {
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

// All that undoes the shared transaction: a conflict clause, a trigger, a
// function that does not look, a statement that leaves rows behind.
TEST_CASE_METHOD(open_fixture,
                 "a write that rolls back a batch rolls back only itself") {
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
