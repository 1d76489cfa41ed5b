// Values, results and writes over their limits.
#include "tests/bad_input/bad_input_fixture.hpp"

#include <string>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

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
                 "a value over the limit in a batch hurts no other "
                 "write") {
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
