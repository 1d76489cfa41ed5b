// A client whose thread runs the database while it waits.
#include "tests/database/client_fixture.hpp"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

class scheduled_fixture : public client_fixture {
public:
  scheduled_fixture() {
    opts.thread = writer_thread::scheduled;
    open();
    must({"CREATE TABLE t(a INTEGER PRIMARY KEY, b)"});
    db->reply_limit(std::chrono::nanoseconds::max());
  }

  /// Returns whether a transaction's function runs on this thread.
  bool runs_here() {
    std::thread::id found;
    auto receipt = db->transaction([&found](session&) {
      found = std::this_thread::get_id();
      return caf::expected<result_set>{result_set{}};
    });
    REQUIRE(receipt);
    return found == std::this_thread::get_id();
  }

  /// The same for one of many: an actor that has not finished what came before
  /// runs where it is.
  bool ever_runs_here() {
    for (auto i = 0; i < 1'000; ++i)
      if (runs_here())
        return true;
    return false;
  }
};

} // namespace

TEST_CASE_METHOD(scheduled_fixture, "a waiting caller runs the database") {
  CHECK(ever_runs_here());
  // Errors come back the same way.
  auto last = db->write("INSERT INTO t(a) VALUES(1)");
  REQUIRE(last);
  for (auto i = 0; i < 100; ++i) {
    auto failed = db->write("INSERT INTO t(a) VALUES(1)");
    REQUIRE_FALSE(failed);
    REQUIRE(failed.error() == ec::constraint_violated);
    auto thrown
      = db->transaction([](session&) -> caf::expected<result_set> { throw 1; });
    REQUIRE_FALSE(thrown);
  }
  CHECK(ever_runs_here());
}

TEST_CASE_METHOD(scheduled_fixture,
                 "a caller runs nothing if it shall not, or has a limit") {
  SECTION("switched off") {
    db->caller_runs(false);
  }
  SECTION("with a limit") {
    db->reply_limit(patience);
  }
  for (auto i = 0; i < 100; ++i)
    REQUIRE_FALSE(runs_here());
}

TEST_CASE_METHOD(client_fixture, "a caller runs no detached writer") {
  opts.thread = writer_thread::detached;
  open();
  db->reply_limit(std::chrono::nanoseconds::max());
  for (auto i = 0; i < 100; ++i) {
    std::thread::id found;
    REQUIRE(db->transaction([&found](session&) {
      found = std::this_thread::get_id();
      return caf::expected<result_set>{result_set{}};
    }));
    REQUIRE(found != std::this_thread::get_id());
  }
}

TEST_CASE_METHOD(scheduled_fixture,
                 "a function may use a client of another database") {
  auto other_opts = opts;
  other_opts.path = folder.file("other.db");
  auto other = scoped_database::open(sys, other_opts);
  REQUIRE(other);
  REQUIRE((*other)->write("CREATE TABLE u(a)"));
  for (auto i = 0; i < 20; ++i) {
    auto receipt = db->transaction([&](session& at) {
      auto inner = (*other)->write("INSERT INTO u VALUES(?)", i);
      if (!inner)
        return caf::expected<result_set>{inner.error()};
      return at.run("INSERT INTO t(b) VALUES(?)",
                    static_cast<int64_t>(inner->commit));
    });
    REQUIRE(receipt);
  }
  auto count = (*other)->query("SELECT count(*) FROM u");
  REQUIRE(count);
  CHECK(count->rows[0].as<int64_t>() == std::tuple<int64_t>{20});
}

// For the thread sanitizer, too.
TEST_CASE_METHOD(client_fixture, "callers run a database together, come and "
                                 "go") {
  opts.thread = GENERATE(writer_thread::scheduled, writer_thread::detached);
  opts.quick_query_time = GENERATE(0ns, std::chrono::nanoseconds{1ms});
  open();
  must({"CREATE TABLE t(a INTEGER PRIMARY KEY, b)"});
  constexpr auto threads = 6;
  constexpr auto rounds = 5;
  constexpr auto writes = 20;
  std::atomic<int> failed{0};
  auto work = [&](int which) {
    client mine{sys, db->database()};
    for (auto i = 0; i < writes; ++i) {
      mine.caller_runs((which + i) % 5 != 0);
      auto written = mine.write("INSERT INTO t(b) VALUES(?)", which);
      auto refused = mine.transaction(
        [](session&) -> caf::expected<result_set> { throw 1; });
      auto found = mine.query("SELECT max(a) FROM t");
      auto seen = found ? std::get<0>(found->rows[0].as<int64_t>()) : 0;
      failed += !written || refused || seen < written->last_insert_rowid;
    }
  };
  for (auto round = 0; round < rounds; ++round) {
    std::vector<std::thread> callers;
    for (auto i = 0; i < threads; ++i)
      callers.emplace_back(work, i);
    for (auto& caller : callers)
      caller.join();
  }
  CHECK(failed == 0);
  CHECK(rows("SELECT count(*) FROM t")
        == std::to_string(threads * rounds * writes));
}
