// Requests that run when the database is closed, and do not end by themselves.
#include "tests/database/client_fixture.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

/// Ends only when it is stopped.
const std::string endless_query
  = "WITH RECURSIVE n(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM n) "
    "SELECT COUNT(*) FROM n";

const std::string endless_write = "INSERT INTO t(a) " + endless_query;

onewriter::close at_once() {
  onewriter::close result;
  result.drain = false;
  return result;
}

onewriter::close within(std::chrono::nanoseconds limit) {
  onewriter::close result;
  result.limit = limit;
  return result;
}

query long_query() {
  query result{endless_query};
  result.deadline = 1h;
  return result;
}

/// Comes to `entrance`, and then runs `sql` on the writer.
transaction held_function(std::function<void()> entrance, std::string sql) {
  transaction result;
  result.function = [entrance = std::move(entrance), sql = std::move(sql)](
                      session& db) -> caf::expected<result_set> {
    entrance();
    auto found = db.run(sql);
    if (!found)
      return found.error();
    return result_set{};
  };
  return result;
}

/// A chunked task whose only chunk does not end.
class endless_task : public chunked_task {
public:
  explicit endless_task(std::function<void()> entrance)
    : entrance_{std::move(entrance)} {
    // nop
  }

  caf::expected<size_t> prepare(size_t) override {
    return 1;
  }

  caf::error apply(session& db) override {
    entrance_();
    auto done = db.run(endless_write);
    return done ? caf::error{} : done.error();
  }

private:
  std::function<void()> entrance_;
};

class stopping_fixture : public client_fixture {
public:
  stopping_fixture() {
    opts.write_run_limit = 1h;
  }

  void start() {
    open();
    must("CREATE TABLE t(a)");
  }

  /// Closes the database `how`; the receipt comes although something runs.
  close_receipt close_while_running(onewriter::close how) {
    auto closing = send<close_receipt>(how);
    auto receipt = closing.reply();
    if (!receipt)
      throw std::runtime_error{describe(receipt.error())};
    return *receipt;
  }

  void wait_until_read() {
    REQUIRE(eventually([this] { return stats().oldest_reader > 0ns; }));
  }
};

} // namespace

TEST_CASE_METHOD(stopping_fixture, "closing stops a query that runs") {
  auto how = at_once();
  SECTION("at once") {
    how = at_once();
  }
  SECTION("at the limit") {
    how = within(50ms);
  }
  SECTION("on a thread of the scheduler") {
    opts.quick_query_time = 1h;
  }
  start();
  must("INSERT INTO t(a) VALUES(7)");
  auto running = send<result_set>(long_query());
  wait_until_read();
  auto receipt = close_while_running(how);
  CHECK(receipt.log_removed);
  CHECK(outcome_of(running.reply()) == "closed");
  open();
  CHECK(rows("SELECT a FROM t") == "7");
}

TEST_CASE_METHOD(stopping_fixture, "an impatient close shortens another") {
  start();
  auto running = send<result_set>(long_query());
  wait_until_read();
  auto patient = send<close_receipt>(within(1h));
  pass_on();
  auto receipt = close_while_running(at_once());
  CHECK(outcome_of(patient.reply()) == "ok");
  CHECK(outcome_of(running.reply()) == "closed");
  CHECK(receipt.log_removed);
}

TEST_CASE_METHOD(stopping_fixture, "closing stops a cursor that reads") {
  start();
  open_cursor what{long_query()};
  auto opened = send<cursor_actor>(what);
  auto cursor = opened.reply();
  REQUIRE(cursor);
  auto page = compat::request(self, *cursor, patience, next_page{});
  wait_until_read();
  close_while_running(at_once());
  std::move(page).receive(
    [](cursor_page&) { CHECK("a page" == nullptr); },
    [](caf::error& err) {
      auto outcome = outcome_of(err);
      CHECK((outcome == "closed" || outcome == "cursor_closed"));
    });
}

TEST_CASE_METHOD(stopping_fixture, "closing stops a write that runs, and what "
                                   "shares its transaction is kept") {
  start();
  auto sql = endless_write;
  SECTION("in the middle of a change, which undoes the transaction") {
    sql = endless_write;
  }
  SECTION("while it only reads") {
    sql = endless_query;
  }
  auto holder = hold();
  auto before = send(write{"INSERT INTO t(a) VALUES(1)"});
  gate reached;
  auto endless = send(held_function(reached.entrance(), sql));
  pass_on();
  CHECK(holder.release() == "ok");
  reached.wait_for_visitor();
  auto closing = send<close_receipt>(at_once());
  reached.open();
  CHECK(outcome_of(endless.reply()) == "closed");
  CHECK(outcome_of(before.reply()) == "ok");
  auto receipt = closing.reply();
  REQUIRE(receipt);
  CHECK(receipt->refused == 1);
  CHECK_FALSE(receipt->drained);
  CHECK(receipt->log_removed);
  open();
  CHECK(rows("SELECT a FROM t") == "1");
}

TEST_CASE_METHOD(stopping_fixture, "a function that goes on after it was "
                                   "stopped commits nothing") {
  start();
  gate reached;
  transaction persistent;
  persistent.function
    = [pass = reached.entrance()](session& at) -> caf::expected<result_set> {
    pass();
    static_cast<void>(at.run("INSERT INTO t(a) VALUES(1)"));
    static_cast<void>(at.run(endless_query));
    static_cast<void>(at.run("INSERT INTO t(a) VALUES(2)"));
    return result_set{};
  };
  auto running = send(persistent);
  reached.wait_for_visitor();
  auto closing = send<close_receipt>(at_once());
  reached.open();
  CHECK(outcome_of(running.reply()) == "closed");
  CHECK(outcome_of(closing.reply()) == "ok");
  open();
  CHECK(rows("SELECT COUNT(*) FROM t") == "0");
}

TEST_CASE_METHOD(stopping_fixture, "closing stops a chunk that runs") {
  start();
  gate reached;
  auto task = std::make_shared<endless_task>(reached.entrance());
  auto running = send<job_receipt>(chunked_job{task});
  reached.wait_for_visitor();
  auto closing = send<close_receipt>(at_once());
  reached.open();
  CHECK(outcome_of(running.reply()) == "closed");
  CHECK(outcome_of(closing.reply()) == "ok");
  open();
  CHECK(rows("SELECT COUNT(*) FROM t") == "0");
}

TEST_CASE_METHOD(stopping_fixture,
                 "a write without a caller that closing stops "
                 "becomes a dead letter") {
  start();
  auto holder = hold();
  gate reached;
  auto first = send(held_function(reached.entrance(), "SELECT 1"));
  send_and_forget(write{endless_write});
  pass_on();
  CHECK(holder.release() == "ok");
  reached.wait_for_visitor();
  auto closing = send<close_receipt>(at_once());
  reached.open();
  CHECK(outcome_of(first.reply()) == "ok");
  CHECK(outcome_of(closing.reply()) == "ok");
  open();
  CHECK(rows("SELECT code FROM onewriter_dead_letter") == "'closed'");
}
