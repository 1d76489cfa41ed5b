// What onewriter_model_test has found, as tests of their own.
#include "onewriter/compat/messaging.hpp"
#include "tests/database/database_fixture.hpp"

#include <string>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;

namespace {

using reply_handle = decltype(compat::request(
  std::declval<caf::scoped_actor&>(), std::declval<const database_actor&>(),
  patience, write{}));

/// Blocks until the writer has failed and no other is there yet.
bool wait_for_failure(client& db) {
  auto limit = std::chrono::steady_clock::now() + patience;
  while (db.statistics()->state != "restarting")
    if (std::chrono::steady_clock::now() > limit)
      return false;
  return true;
}

} // namespace

TEST_CASE_METHOD(database_fixture, "what failed before a turn threw is "
                                   "answered") {
  open();
  busy_writer busy{sys, database};
  auto reply = compat::request(self, database, patience,
                               write{"INSERT INTO missing(a) VALUES(1)"});
  compat::anon_send(database, inject_failure{failure_kind::exception});
  busy.release();
  auto receipt = receive<write_receipt>(std::move(reply));
  REQUIRE_FALSE(receipt);
  CHECK(receipt.error() == ec::invalid_sql);
}

TEST_CASE_METHOD(database_fixture, "what was committed before a turn threw is "
                                   "acknowledged") {
  open();
  busy_writer busy{sys, database};
  write alone{"INSERT INTO t(a) VALUES(1)"};
  alone.run_limit = std::chrono::minutes{1};
  auto reply = compat::request(self, database, patience, alone);
  compat::anon_send(database, inject_failure{failure_kind::exception});
  busy.release();
  CHECK(receive<write_receipt>(std::move(reply)));
  CHECK(rows("SELECT a FROM t") == "1");
  CHECK(db->statistics()->writes.pending == 0);
}

TEST_CASE_METHOD(database_fixture, "what a failing writer hands back keeps its "
                                   "place before what comes later") {
  open();
  for (auto round = 0; round < 20; ++round) {
    std::vector<reply_handle> replies;
    for (auto i = 0; i < 200; ++i) {
      replies.push_back(
        compat::request(self, database, patience,
                        write{"INSERT INTO t(a) VALUES(?)", round * 200 + i}));
      if (i == 20)
        compat::anon_send(database, inject_failure{});
    }
    for (auto& reply : replies)
      REQUIRE(receive<write_receipt>(std::move(reply)));
  }
  CHECK(rows("SELECT count(*) FROM (SELECT a, lag(a) OVER (ORDER BY rowid) AS "
             "before FROM t) WHERE before > a")
        == "0");
}

TEST_CASE_METHOD(database_fixture, "a best-effort message that the writer has "
                                   "when it closes in haste is counted") {
  open();
  busy_writer busy{sys, database};
  db->best_effort("k", "INSERT INTO t(a) VALUES(1)");
  // Now it is with the writer.
  REQUIRE(db->statistics());
  onewriter::close now;
  now.drain = false;
  auto closed = compat::request(self, database, patience, now);
  busy.release();
  auto receipt = receive<close_receipt>(std::move(closed));
  REQUIRE(receipt);
  auto counts = receipt->final_statistics.best_effort;
  CHECK(counts.pending == 0);
  // The writer may be faster than the order to stop.
  CHECK(counts.written + counts.dropped_closed == 1);
}

TEST_CASE_METHOD(database_fixture, "an index job is told that the database was "
                                   "closed, also while there is no writer") {
  opts.restarts.initial_delay = std::chrono::seconds{20};
  opts.restarts.max_delay = std::chrono::seconds{20};
  open();
  compat::anon_send(database, inject_failure{});
  // It has no caller: the writer fails while it has the write.
  compat::anon_send(database, write{"INSERT INTO t(a) VALUES(1)"});
  REQUIRE(wait_for_failure(*db));
  chunked_index what;
  what.index = "notes";
  what.key = "a";
  what.text = "some text";
  auto job = compat::request(self, database, patience, what);
  onewriter::close now;
  now.drain = false;
  REQUIRE(db->close(now));
  auto receipt = receive<index_receipt>(std::move(job));
  REQUIRE_FALSE(receipt);
  CHECK(receipt.error() == ec::closed);
}
