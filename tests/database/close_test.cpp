// The end of a database, in order and in haste.
#include "tests/database/client_fixture.hpp"
#include "tests/oracle/raw_database.hpp"

#include <filesystem>
#include <string>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

class close_fixture : public client_fixture {
public:
  void start() {
    open();
    must("CREATE TABLE t(a INTEGER PRIMARY KEY)");
  }

  /// Sends writes of 1 to `count`, each from a sender of its own.
  std::vector<sent_write> send_rows(int count) {
    std::vector<sent_write> result;
    for (auto i = 1; i <= count; ++i)
      result.push_back(send(write{"INSERT INTO t(a) VALUES(?)", i}));
    pass_on();
    return result;
  }

  /// "ok ok closed": how they ended, in the order in which they were sent.
  static std::string outcomes(std::vector<sent_write>& requests) {
    std::string result;
    for (auto& x : requests)
      result += (result.empty() ? "" : " ") + outcome_of(x.reply());
    return result;
  }

  /// The files in the folder, without the folder.
  std::string files() {
    std::string result;
    for (auto& x : fs::directory_iterator{folder.path()})
      result += x.path().filename().string() + " ";
    return result;
  }

  static std::string text_of(const close_receipt& x) {
    return std::string{x.drained ? "drained" : "not drained"} + ", "
           + std::to_string(x.refused) + " refused, log "
           + (x.log_removed ? "removed" : "left");
  }

  static onewriter::close with(bool drain, std::chrono::nanoseconds limit) {
    onewriter::close result;
    result.drain = drain;
    result.limit = limit;
    return result;
  }
};

} // namespace

TEST_CASE_METHOD(close_fixture, "closing carries out what was accepted") {
  start();
  auto holder = hold();
  auto requests = send_rows(10);
  auto closing = send<close_receipt>(onewriter::close{});
  pass_on();
  CHECK(stats().state == "closing");
  auto late = send(write{"INSERT INTO t(a) VALUES(99)"});
  CHECK(outcome_of(late.reply()) == "closed");
  CHECK(holder.release() == "ok");
  CHECK(outcomes(requests) == "ok ok ok ok ok ok ok ok ok ok");
  auto receipt = closing.reply();
  REQUIRE(receipt);
  CHECK(text_of(*receipt) == "drained, 0 refused, log removed");
  // Neither a log nor a lock is left.
  CHECK(files() == "test.db ");
  open();
  CHECK(rows("SELECT a FROM t") == "1 2 3 4 5 6 7 8 9 10");
}

// The writer cannot do anything while another connection holds the lock, so the
// close finds all waiting requests undone.
TEST_CASE_METHOD(close_fixture, "closing in haste refuses what waits and says "
                                "how much") {
  start();
  must("INSERT INTO t(a) VALUES(100)");
  raw_database other{opts.path};
  other.run("BEGIN IMMEDIATE");
  auto requests = send_rows(5);
  SECTION("at once") {
    auto receipt = close(with(false, patience));
    CHECK(text_of(receipt) == "not drained, 5 refused, log left");
  }
  SECTION("when the time is over") {
    auto receipt = close(with(true, 50ms));
    CHECK(text_of(receipt) == "not drained, 5 refused, log left");
  }
  CHECK(outcomes(requests) == "closed closed closed closed closed");
  other.run("ROLLBACK");
  open();
  CHECK(rows("SELECT a FROM t") == "100");
  must("INSERT INTO t(a) VALUES(1)");
  CHECK(rows("SELECT a FROM t") == "1 100");
}

TEST_CASE_METHOD(close_fixture, "closing waits for another program's lock") {
  start();
  raw_database other{opts.path};
  other.run("BEGIN IMMEDIATE");
  auto requests = send_rows(3);
  auto closing = send<close_receipt>(onewriter::close{});
  REQUIRE(eventually([this] { return stats().lock_waits >= 3; }));
  CHECK(stats().state == "closing");
  other.run("COMMIT");
  CHECK(outcomes(requests) == "ok ok ok");
  auto receipt = closing.reply();
  REQUIRE(receipt);
  CHECK(receipt->drained);
  CHECK(receipt->refused == 0);
  open();
  CHECK(rows("SELECT a FROM t") == "1 2 3");
}

TEST_CASE_METHOD(close_fixture, "every close gets the same receipt") {
  start();
  must("INSERT INTO t(a) VALUES(1)");
  auto holder = hold();
  auto first = send<close_receipt>(onewriter::close{});
  auto second = send<close_receipt>(with(false, 0ns));
  pass_on();
  CHECK(holder.release() == "ok");
  auto one = first.reply();
  auto two = second.reply();
  REQUIRE((one && two));
  CHECK(text_of(*one) == text_of(*two));
  CHECK(text_of(close()) == text_of(*one));
  CHECK(text_of(close(with(false, 0ns))) == text_of(*one));
  CHECK(files() == "test.db ");
  open();
  CHECK(rows("SELECT a FROM t") == "1");
}

TEST_CASE_METHOD(close_fixture, "commits count on after the file was closed") {
  start();
  uint64_t before = 0;
  for (auto i = 1; i <= 20; ++i) {
    auto receipt = must("INSERT INTO t(a) VALUES(?)", i);
    // onewriter's own work may take a commit.
    auto last = close().commit;
    CHECK(last >= receipt.commit);
    open();
    auto info = db->describe();
    REQUIRE(info);
    CHECK(info->commit == last);
    CHECK(receipt.commit > before);
    before = receipt.commit;
  }
  CHECK(rows("SELECT COUNT(*), SUM(a) FROM t") == "20|210");
  auto report = db->check_integrity();
  REQUIRE(report);
  CHECK(report->ok());
}

TEST_CASE_METHOD(close_fixture, "a database can be closed while it is being "
                                "opened") {
  start();
  close();
  for (auto i = 1; i <= 30; ++i) {
    auto opening = own(spawn_database(sys, opts));
    sent_write early{sys, opening, write{"INSERT INTO t(a) VALUES(?)", i}};
    sent<close_receipt> closing{sys, opening, onewriter::close{}};
    CHECK(outcome_of(early.reply()) == "ok");
    auto receipt = closing.reply();
    REQUIRE(receipt);
    CHECK(receipt->drained);
    CHECK(receipt->log_removed);
    CHECK(files() == "test.db ");
  }
  open();
  CHECK(rows("SELECT COUNT(*), SUM(a) FROM t") == "30|465");
}

TEST_CASE_METHOD(close_fixture, "closing a file that never opens has an end") {
  start();
  close();
  raw_database other{opts.path};
  other.run("PRAGMA locking_mode = EXCLUSIVE");
  other.run("BEGIN EXCLUSIVE");
  opts.lock_patience = 1h;
  auto opening = own(spawn_database(sys, opts));
  sent_write early{sys, opening, write{"INSERT INTO t(a) VALUES(1)"}};
  auto how = with(true, 50ms);
  SECTION("as soon as the time is over") {
    how.limit = 50ms;
  }
  SECTION("at once") {
    how.drain = false;
  }
  sent<close_receipt> closing{sys, opening, how};
  CHECK(outcome_of(early.reply()) == "closed");
  auto receipt = closing.reply();
  REQUIRE(receipt);
  CHECK(receipt->refused == 1);
  CHECK_FALSE(receipt->drained);
}

TEST_CASE_METHOD(close_fixture, "a database can be closed before it failed") {
  opts.path = folder.file("missing/test.db");
  auto opening = own(spawn_database(sys, opts));
  sent_write early{sys, opening, write{"SELECT 1"}};
  sent<close_receipt> closing{sys, opening, onewriter::close{}};
  CHECK(outcome_of(early.reply()) == "cannot_open");
  CHECK(outcome_of(closing.reply()) == "cannot_open");
}

TEST_CASE_METHOD(close_fixture, "an exit message closes without carrying out "
                                "what waits") {
  start();
  must("INSERT INTO t(a) VALUES(100)");
  raw_database other{opts.path};
  other.run("BEGIN IMMEDIATE");
  auto requests = send_rows(3);
  caf::anon_send_exit(db->database(), caf::exit_reason::user_shutdown);
  CHECK(outcomes(requests) == "unavailable unavailable unavailable");
  CHECK(outcome_of(db->write("INSERT INTO t(a) VALUES(4)")) == "unavailable");
  other.run("ROLLBACK");
  // The file is free as soon as the last of the actors is gone.
  REQUIRE(eventually([this] {
    opts.lock_patience = 1ms;
    return try_open() == caf::none;
  }));
  CHECK(rows("SELECT a FROM t") == "100");
}

TEST_CASE_METHOD(close_fixture, "queries that run are answered before the file "
                                "is closed") {
  start();
  must("INSERT INTO t(a) VALUES(7)");
  query slow{"WITH RECURSIVE n(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM n "
             "WHERE x < 300000) SELECT MAX(x) + (SELECT a FROM t) FROM n"};
  auto running = send<result_set>(slow);
  auto closing = send<close_receipt>(onewriter::close{});
  auto found = running.reply();
  REQUIRE(found);
  CHECK(in_one_line(*found) == "300007");
  auto receipt = closing.reply();
  REQUIRE(receipt);
  CHECK(receipt->log_removed);
  open();
  CHECK(rows("SELECT a FROM t") == "7");
}

// Where it does, this test does not end.
TEST_CASE("a handle that is kept does not keep the actor system from ending") {
  temp_folder folder;
  config cfg;
  caf::actor_system sys{cfg};
  database_actor handle;
  options opts;
  opts.log = nullptr;
  opts.path = folder.file("test.db");
  SECTION("after close") {
    auto opened = open_database(sys, opts);
    REQUIRE(opened);
    handle = *opened;
    REQUIRE(client{sys, handle}.close());
  }
  SECTION("after a failure") {
    opts.path = folder.file("missing/test.db");
    handle = spawn_database(sys, opts);
    CHECK(client{sys, handle}.close().error() == ec::cannot_open);
  }
  sys.await_all_actors_done();
  auto late = client{sys, handle}.write("SELECT 1");
  REQUIRE_FALSE(late);
  CHECK((late.error() == ec::closed || late.error() == ec::cannot_open));
  CHECK(client{sys, handle}.statistics());
}

// A delayed message to the database would keep it for an hour, and CAF's clock
// would destroy it (see `spawn_check_timer`).
TEST_CASE("a closed database is gone with its last handle") {
  temp_folder folder;
  config cfg;
  caf::actor_system sys{cfg};
  options opts;
  opts.log = nullptr;
  opts.path = folder.file("test.db");
  opts.alerts.check_interval = 1h;
  caf::actor_addr left;
  {
    auto opened = open_database(sys, opts);
    REQUIRE(opened);
    left = opened->address();
    REQUIRE(client{sys, *opened}.close());
  }
  CHECK(client_fixture::eventually(
    [&] { return caf::actor_cast<caf::strong_actor_ptr>(left) == nullptr; }));
}

TEST_CASE("a handle may outlive the actor system") {
  temp_folder folder;
  for (auto i = 0; i < 10; ++i) {
    database_actor handle;
    config cfg;
    caf::actor_system sys{cfg};
    options opts;
    opts.log = nullptr;
    opts.path = folder.file("test.db");
    auto opened = open_database(sys, opts);
    REQUIRE(opened);
    handle = *opened;
    REQUIRE(client{sys, handle}.close());
  }
}
