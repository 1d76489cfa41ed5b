// Messages that may be lost: the lane where they wait, and what reaches the
// file.
#include "actors/database/admission/best_effort_lane.hpp"

#include "tests/database/client_fixture.hpp"

#include <string>

using namespace onewriter;
using namespace onewriter::test;

namespace {

using clock_type = pending_write::clock;

/// A message that is known by its value.
best_effort message(std::string key, int64_t x) {
  return {std::move(key), "INSERT INTO t(a) VALUES(?)", x};
}

/// "a=1 b=2"; nothing where there is no batch.
std::string text_of(const std::optional<best_effort_batch>& batch) {
  std::string result;
  if (batch)
    for (auto& x : batch->messages)
      result += (result.empty() ? "" : " ") + x.key + "="
                + to_string(x.what.parameters.at(0));
  return result;
}

/// What is not zero, by name.
std::string text_of(const best_effort_counts& x) {
  std::string result;
  auto add = [&](const char* name, uint64_t count) {
    if (count > 0)
      result += (result.empty() ? "" : " ") + std::string{name} + "="
                + std::to_string(count);
  };
  add("submitted", x.submitted);
  add("written", x.written);
  add("coalesced", x.coalesced);
  add("full", x.dropped_full);
  add("too_big", x.dropped_too_big);
  add("closed", x.dropped_closed);
  add("unknown", x.dropped_unknown);
  add("failed", x.failed);
  add("pending", x.pending);
  return result;
}

bool adds_up(const best_effort_counts& x) {
  return x.submitted
         == x.written + x.coalesced + x.dropped_full + x.dropped_too_big
              + x.dropped_closed + x.dropped_unknown + x.failed + x.pending;
}

class lane_fixture {
public:
  queue_options limits;

  best_effort_lane make() const {
    return best_effort_lane{limits};
  }

  static void push(best_effort_lane& lane, std::string key, int64_t x) {
    lane.push(message(std::move(key), x), clock_type::now());
  }

  static best_effort_done returned(best_effort_batch batch) {
    best_effort_done result;
    result.returned = std::move(batch.messages);
    result.returned_arrived = std::move(batch.arrived);
    return result;
  }

  static best_effort_done written(uint64_t count) {
    best_effort_done result;
    result.written = count;
    return result;
  }
};

class file_fixture : public client_fixture {
public:
  /// Opens the file, with what a test has set in `opts`.
  void start() {
    open();
    must("CREATE TABLE t(key TEXT PRIMARY KEY, a INTEGER NOT NULL)");
  }

  void update(const std::string& key, int64_t x) {
    db->best_effort(key,
                    "INSERT INTO t(key, a) VALUES(?, ?) "
                    "ON CONFLICT(key) DO UPDATE SET a = excluded.a",
                    key, x);
  }

  /// The counts as soon as nothing is pending.
  best_effort_counts final_counts() {
    if (!eventually([this] { return stats().best_effort.pending == 0; }))
      FAIL("best-effort messages stay pending");
    auto result = stats().best_effort;
    CHECK(adds_up(result));
    return result;
  }
};

} // namespace

// -- the lane ------------------------------------------------------------------------

TEST_CASE_METHOD(lane_fixture, "the newest message of a key wins, in the place "
                               "of the oldest") {
  auto lane = make();
  push(lane, "a", 1);
  push(lane, "b", 2);
  push(lane, "", 3);
  push(lane, "a", 4);
  push(lane, "", 5);
  CHECK(text_of(lane.counts()) == "submitted=5 coalesced=1 pending=4");
  CHECK(text_of(lane.next()) == "a=4 b=2 =3 =5");
  CHECK(text_of(lane.counts()) == "submitted=5 coalesced=1 pending=4");
  lane.done(written(4));
  CHECK(text_of(lane.counts()) == "submitted=5 written=4 coalesced=1");
  CHECK(lane.empty());
}

TEST_CASE_METHOD(lane_fixture, "one batch is on its way at a time") {
  auto lane = make();
  CHECK_FALSE(lane.next());
  push(lane, "a", 1);
  CHECK(text_of(lane.next()) == "a=1");
  push(lane, "a", 2);
  push(lane, "a", 3);
  CHECK_FALSE(lane.next());
  CHECK_FALSE(lane.empty());
  // What is on its way cannot be replaced any more.
  CHECK(text_of(lane.counts()) == "submitted=3 coalesced=1 pending=2");
  lane.done(written(1));
  CHECK(text_of(lane.next()) == "a=3");
  best_effort_done failed;
  failed.failed = 1;
  lane.done(failed);
  CHECK(text_of(lane.counts()) == "submitted=3 written=1 coalesced=1 failed=1");
  CHECK(lane.empty());
}

TEST_CASE_METHOD(lane_fixture, "a full lane drops its oldest messages") {
  limits.best_effort_items = 3;
  auto lane = make();
  for (auto i = 1; i <= 5; ++i)
    push(lane, std::to_string(i), i);
  CHECK(text_of(lane.counts()) == "submitted=5 full=2 pending=3");
  CHECK(text_of(lane.next()) == "3=3 4=4 5=5");
}

TEST_CASE_METHOD(lane_fixture, "a lane is full when its bytes are used up") {
  limits.best_effort_bytes = 2 * message("1", 1).bytes();
  auto lane = make();
  for (auto i = 1; i <= 3; ++i)
    push(lane, std::to_string(i), i);
  CHECK(text_of(lane.counts()) == "submitted=3 full=1 pending=2");
  // One that never fits costs no other message.
  lane.push({"2", "INSERT INTO t(a) VALUES(?)", std::string(10'000, 'x')},
            clock_type::now());
  CHECK(text_of(lane.counts()) == "submitted=4 full=1 too_big=1 pending=2");
  CHECK(text_of(lane.next()) == "2=2 3=3");
}

TEST_CASE_METHOD(lane_fixture, "a batch is bounded") {
  limits.best_effort_items = 10'000;
  auto lane = make();
  for (auto i = 0; i < 3'000; ++i)
    push(lane, "", i);
  auto first = lane.next();
  REQUIRE(first);
  CHECK(first->messages.size() == 1'024);
  CHECK(first->arrived.size() == 1'024);
  lane.done(written(1'024));
  CHECK(text_of(lane.counts()) == "submitted=3000 written=1024 pending=1976");
  auto second = lane.next();
  REQUIRE(second);
  CHECK(to_string(second->messages.front().what.parameters[0]) == "1024");
}

// A writer that failed gives back what it did not get to:
//
//   lane  a1 b2 -> writer          -> a1 b2 come back
//   lane              a3 arrives
TEST_CASE_METHOD(lane_fixture, "returned messages go first, unless they are "
                               "out of date") {
  auto lane = make();
  push(lane, "a", 1);
  push(lane, "b", 2);
  push(lane, "", 3);
  auto batch = lane.next();
  REQUIRE(batch);
  push(lane, "a", 4);
  push(lane, "c", 5);
  lane.done(returned(*batch));
  CHECK(text_of(lane.counts()) == "submitted=5 coalesced=1 pending=4");
  CHECK_FALSE(lane.empty());
  CHECK(text_of(lane.next()) == "b=2 =3");
  lane.done(written(2));
  CHECK(text_of(lane.next()) == "a=4 c=5");
  lane.done(written(2));
  CHECK(text_of(lane.counts()) == "submitted=5 written=4 coalesced=1");
  CHECK(lane.empty());
}

TEST_CASE_METHOD(lane_fixture, "a message that came back is replaced by a "
                               "newer one") {
  auto lane = make();
  push(lane, "a", 1);
  auto batch = lane.next();
  REQUIRE(batch);
  lane.done(returned(*batch));
  push(lane, "a", 2);
  // However it is done, the newer one is the last to be run.
  auto order = text_of(lane.next());
  lane.done(written(1));
  auto rest = text_of(lane.next());
  CHECK((rest.empty() ? order : rest) == "a=2");
  CHECK(adds_up(lane.counts()));
}

TEST_CASE_METHOD(lane_fixture, "what is lost or dropped is counted by reason") {
  auto lane = make();
  push(lane, "a", 1);
  push(lane, "b", 2);
  REQUIRE(lane.next());
  push(lane, "c", 3);
  lane.lost();
  CHECK(text_of(lane.counts()) == "submitted=3 unknown=2 pending=1");
  lane.drop();
  lane.drop_all();
  CHECK(text_of(lane.counts()) == "submitted=4 closed=2 unknown=2");
  CHECK(lane.empty());
  CHECK_FALSE(lane.next());
}

TEST_CASE_METHOD(lane_fixture, "dropping everything includes what came back") {
  auto lane = make();
  push(lane, "a", 1);
  auto batch = lane.next();
  REQUIRE(batch);
  lane.done(returned(*batch));
  push(lane, "b", 2);
  lane.drop_all();
  CHECK(text_of(lane.counts()) == "submitted=2 closed=2");
}

// -- end to end ----------------------------------------------------------------------

TEST_CASE_METHOD(file_fixture, "updates coalesce while the writer is busy") {
  start();
  auto holder = hold();
  for (auto i = 1; i <= 100; ++i) {
    update("a", i);
    update("b", 1'000 + i);
  }
  pass_on();
  // One is on its way already; of the rest the newest of each key is left.
  CHECK(text_of(stats().best_effort)
        == "submitted=200 coalesced=197 pending=3");
  CHECK(holder.release() == "ok");
  CHECK(text_of(final_counts()) == "submitted=200 written=3 coalesced=197");
  CHECK(rows("SELECT key, a FROM t ORDER BY key") == "'a'|100 'b'|1100");
}

TEST_CASE_METHOD(file_fixture, "the oldest updates go when there is no room") {
  opts.queue.best_effort_items = 2;
  start();
  auto holder = hold();
  for (auto i = 1; i <= 6; ++i)
    update(std::to_string(i), i);
  pass_on();
  CHECK(holder.release() == "ok");
  CHECK(text_of(final_counts()) == "submitted=6 written=3 full=3");
  CHECK(rows("SELECT key, a FROM t ORDER BY key") == "'1'|1 '5'|5 '6'|6");
  // Writes were not concerned.
  CHECK(stats().writes.refused == 0);
}

TEST_CASE_METHOD(file_fixture, "an update that fails is counted and hurts "
                               "no other one") {
  start();
  auto holder = hold();
  auto before = send(write{"INSERT INTO t(key, a) VALUES('w', 1)"});
  update("a", 1);
  db->best_effort("bad", "INSERT INTO t(key, a) VALUES('w', NULL)");
  db->best_effort("worse", "INSERT OR ROLLBACK INTO t(key, a) VALUES('w', 2)");
  db->best_effort("worst", "SELEC 1");
  auto after = send(write{"INSERT INTO t(key, a) VALUES('x', 2)"});
  pass_on();
  CHECK(holder.release() == "ok");
  CHECK(outcome_of(before.reply()) == "ok");
  CHECK(outcome_of(after.reply()) == "ok");
  CHECK(text_of(final_counts()) == "submitted=4 written=1 failed=3");
  CHECK(rows("SELECT key, a FROM t ORDER BY key") == "'a'|1 'w'|1 'x'|2");
  // Failures are no dead letters.
  CHECK(stats().dead_letters == 0);
}

TEST_CASE_METHOD(file_fixture, "closing writes the updates that wait") {
  start();
  auto holder = hold();
  update("a", 1);
  update("a", 2);
  update("b", 3);
  pass_on();
  auto closing = send<close_receipt>(onewriter::close{});
  CHECK(holder.release() == "ok");
  auto receipt = closing.reply();
  REQUIRE(receipt);
  CHECK(receipt->drained);
  CHECK(text_of(receipt->final_statistics.best_effort)
        == "submitted=3 written=3");
  open();
  CHECK(rows("SELECT key, a FROM t ORDER BY key") == "'a'|2 'b'|3");
}
