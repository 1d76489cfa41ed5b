// Other processes' locks.
#include "tests/bad_input/bad_input_fixture.hpp"
#include "tests/oracle/raw_database.hpp"

#include <optional>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

TEST_CASE_METHOD(open_fixture, "writes wait for another program's lock, and "
                               "callers see no error") {
  raw_database other{opts.path};
  other.run("BEGIN EXCLUSIVE");
  auto first = send(write{"INSERT INTO t(a, b) VALUES(1, 'waits')"});
  auto second = send(write{"INSERT INTO t(a, b) VALUES(2, 'waits')"});
  // Far longer than SQLite's own patience: each wait stands for one of its
  // timeouts.
  REQUIRE(eventually([this] { return stats().lock_waits >= 5; }));
  CHECK(stats().writes.pending == 2);
  // Readers do not mind.
  CHECK(rows("SELECT a FROM kept") == "1");
  other.run("INSERT INTO t(a, b) VALUES(3, 'other')");
  other.run("COMMIT");
  CHECK(outcome_of(first.reply()) == "ok");
  CHECK(outcome_of(second.reply()) == "ok");
  CHECK(rows("SELECT a, b FROM t") == "1|'waits' 2|'waits' 3|'other'");
  check_unharmed();
}

TEST_CASE_METHOD(bad_input_fixture,
                 "patience with another program's lock has an end") {
  opts.lock_patience = 50ms;
  start();
  raw_database other{opts.path};
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
  raw_database other{opts.path};
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
  std::optional<raw_database> other{std::in_place, opts.path};
  SECTION("by a writer") {
    other->run("BEGIN EXCLUSIVE");
  }
  SECTION("by a connection that locks all others out") {
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
