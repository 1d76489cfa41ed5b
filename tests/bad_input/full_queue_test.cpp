// Queues that are full.
#include "tests/bad_input/bad_input_fixture.hpp"

#include <string>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

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
  // Readers are not affected.
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
