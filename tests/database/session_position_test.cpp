// Requests with positions in a session, through the database: as those of
// processes that have joined it come.
#include "actors/core/database_core.hpp"
#include "tests/database/client_fixture.hpp"
#include "tests/database/positioned_write.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;

namespace {

class positions_fixture : public client_fixture {
public:
  positions_fixture() {
    opts.allow_failure_injection = true;
    opts.restarts.initial_delay = std::chrono::milliseconds{1};
    opts.restarts.max_delay = std::chrono::milliseconds{5};
    opts.restarts.max_restarts = 1'000'000;
    open();
    must("CREATE TABLE t(a INTEGER PRIMARY KEY, b)");
  }

  /// Sends the write of `what`; replies come with `outcomes`.
  void post(uint64_t number, const std::string& what, uint64_t settled = 0) {
    post(write{"INSERT INTO t(b) VALUES(?)", what}, {session, number, settled});
  }

  void post(work_request what, session_position at) {
    auto to = caf::actor_cast<database_core_actor>(db->database());
    replies_.push_back(compat::request(
      self, to, patience, positioned(std::move(what), std::move(at))));
  }

  /// Blocks for all replies: "ok", "repeated" or the names of errors.
  std::string outcomes() {
    std::string result;
    receipts.clear();
    for (auto& x : std::exchange(replies_, {})) {
      auto reply = receive<write_receipt>(std::move(x));
      result += result.empty() ? "" : " ";
      result += reply && reply->repeated ? "repeated" : outcome_of(reply);
      receipts.push_back(reply ? *reply : write_receipt{});
    }
    return result;
  }

  /// Blocks for all replies; whether they are receipts.
  bool all_are_good() {
    outcomes();
    return std::all_of(receipts.begin(), receipts.end(),
                       [](auto& x) { return x.commit > 0; });
  }

  void fail_writer(failure_kind kind = failure_kind::connection) {
    compat::anon_send(db->database(), inject_failure{kind});
  }

  session_ptr session = make_session("session");
  std::vector<write_receipt> receipts;

private:
  using handle = decltype(compat::request(std::declval<caf::scoped_actor&>(),
                                          std::declval<database_core_actor&>(),
                                          patience, pending_write_ptr{}));

  std::vector<handle> replies_;
};

} // namespace

TEST_CASE_METHOD(positions_fixture, "a number that is sent again gets the "
                                    "first receipt") {
  post(2, "two");
  post(1, "one");
  CHECK(outcomes() == "ok ok");
  auto first = receipts;
  must("INSERT INTO t(b) VALUES('between')");
  post(1, "one");
  post(2, "two");
  post(3, "three");
  CHECK(outcomes() == "repeated repeated ok");
  CHECK(receipts[0].commit == first[1].commit);
  CHECK(receipts[0].last_insert_rowid == first[1].last_insert_rowid);
  CHECK(receipts[1].commit == first[0].commit);
  CHECK(rows("SELECT b FROM t") == "'two' 'one' 'between' 'three'");
}

TEST_CASE_METHOD(positions_fixture, "numbers outlive the writer and the "
                                    "process") {
  post(1, "one");
  post(2, "two");
  CHECK(outcomes() == "ok ok");
  SECTION("a connection that fails") {
    fail_writer();
  }
  SECTION("a writer that throws") {
    fail_writer(failure_kind::exception);
  }
  SECTION("a database that is closed") {
    reopen();
  }
  SECTION("all of them") {
    fail_writer();
    post(3, "three", 1);
    fail_writer();
    CHECK(outcomes() == "ok");
    reopen();
  }
  post(2, "two", 2);
  post(1, "one");
  post(4, "four", 2);
  CHECK(outcomes() == "repeated repeated ok");
  post(1, "one");
  post(2, "two");
  CHECK(outcomes() == "invalid_argument repeated");
  CHECK(rows("SELECT count(*), count(DISTINCT b) FROM t WHERE b <> 'three'")
        == "3|3");
}

// Each of them may be in a batch that a failure takes back.
TEST_CASE_METHOD(positions_fixture, "each number takes effect once while the "
                                    "writer fails") {
  constexpr uint64_t count = 200;
  uint64_t settled = 0;
  for (uint64_t number = 0; number < count; ++number) {
    auto kind
      = number % 2 == 0 ? failure_kind::connection : failure_kind::exception;
    post(number, std::to_string(number), settled);
    if (number % 3 == 0)
      fail_writer(kind);
    post(number, std::to_string(number), settled);
    if (number % 8 == 7) {
      CHECK(all_are_good());
      settled = number - 3;
    }
  }
  CHECK(all_are_good());
  CHECK(rows("SELECT count(*), count(DISTINCT b) FROM t") == "200|200");
  CHECK(stats().writer_restarts > 10);
}

TEST_CASE_METHOD(positions_fixture, "positions and keys share a batch") {
  write keyed{"INSERT INTO t(b) VALUES('keyed')"};
  keyed.idempotency_key = "key";
  must("INSERT INTO t(a, b) VALUES(50, 'old')");
  auto holder = hold();
  post(1, "one");
  post(keyed, {session, 2, 0});
  auto other = send(keyed);
  post(write{"INSERT INTO t(a) VALUES(50)"}, {session, 3, 0});
  post(write{"INSERT OR ROLLBACK INTO t(a) VALUES(50)"}, {session, 4, 0});
  post(1, "one");
  post(2, "two");
  post(3, "three");
  pass_on();
  CHECK(holder.release() == "ok");
  CHECK(outcomes()
        == "ok ok constraint_violated constraint_violated repeated ok ok");
  CHECK(outcome_of(other.reply()) == "ok");
  CHECK(rows("SELECT b FROM t WHERE a <> 50 ORDER BY b")
        == "'keyed' 'one' 'three' 'two'");
}

TEST_CASE_METHOD(positions_fixture, "a number with a limit of its own is in a "
                                    "transaction of its own") {
  auto to = caf::actor_cast<database_core_actor>(db->database());
  for (auto expected : {false, true}) {
    auto limited
      = positioned(write{"INSERT INTO t(b) VALUES('one')"}, {session, 1, 0});
    limited->run_limit = patience;
    auto reply = ask<write_receipt>(to, limited);
    REQUIRE(reply);
    CHECK(reply->repeated == expected);
  }
  CHECK(rows("SELECT b FROM t") == "'one'");
}

TEST_CASE_METHOD(positions_fixture, "a file of an earlier version gets "
                                    "sessions") {
  close();
  {
    auto file = sqlite::connection::open(
      sqlite::connection_options::from(opts, sqlite::role::writer));
    REQUIRE(file);
    REQUIRE((**file).run_internal("DROP TABLE onewriter_session"));
    REQUIRE((**file).run_internal("UPDATE onewriter_meta SET value = 2 "
                                  "WHERE key = 'schema.onewriter'"));
  }
  open();
  post(1, "one");
  post(1, "one");
  CHECK(outcomes() == "ok repeated");
  CHECK(rows("SELECT b FROM t") == "'one'");
}
