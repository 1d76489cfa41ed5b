// Requests that wait or run for too long.
#include "tests/bad_input/bad_input_fixture.hpp"

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

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
