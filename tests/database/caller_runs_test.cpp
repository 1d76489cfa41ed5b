// A client whose thread runs the database while it waits.
#include "tests/database/client_fixture.hpp"

#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

struct two_threads : config {
  two_threads() {
    set(max_threads_key, size_t{2});
  }
};

/// A database whose actors find no thread of the scheduler's. Its readers may
/// still be starting then.
class stuck_scheduler {
public:
  stuck_scheduler() {
    opts.path = folder.file("test.db");
    opts.log = [](log_level, std::string_view) {
    };
    opts.thread = writer_thread::scheduled;
    auto opened = open_database(sys, opts);
    if (!opened)
      FAIL(describe(opened.error()));
    handle = *opened;
    client db{sys, handle};
    REQUIRE(db.write("CREATE TABLE t(a INTEGER PRIMARY KEY, b)"));
    for (auto& hold : holds) {
      sys.spawn([pass = hold.entrance()](caf::event_based_actor*) { pass(); });
      hold.wait_for_visitor();
    }
  }

  ~stuck_scheduler() {
    release();
    client db{sys, handle};
    static_cast<void>(db.close());
    caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
  }

  /// Lets the scheduler's threads go on.
  void release() {
    for (auto& hold : holds)
      hold.open();
  }

  temp_folder folder;
  two_threads cfg;
  caf::actor_system sys{cfg};
  options opts;
  database_actor handle;
  std::array<gate, 2> holds;
};

std::thread::id thread_of_function(client& db) {
  std::thread::id result;
  auto receipt = db.transaction([&result](session&) {
    result = std::this_thread::get_id();
    return caf::expected<result_set>{result_set{}};
  });
  REQUIRE(receipt);
  return result;
}

} // namespace

TEST_CASE_METHOD(stuck_scheduler, "a lone caller needs no other thread") {
  client db{sys, handle};
  for (auto i = 0; i < 3; ++i)
    REQUIRE(db.write("INSERT INTO t(b) VALUES(?)", i));
  auto last = db.write("INSERT INTO t(b) VALUES(3) RETURNING a");
  REQUIRE(last);
  CHECK(last->returned.at(0).rows[0].as<int64_t>() == std::tuple<int64_t>{4});
  CHECK(thread_of_function(db) == std::this_thread::get_id());
  CHECK(db.statistics());
  // Errors come back the same way.
  auto failed = db.write("INSERT INTO t(a) VALUES(1)");
  REQUIRE_FALSE(failed);
  CHECK(failed.error() == ec::constraint_violated);
  auto thrown
    = db.transaction([](session&) -> caf::expected<result_set> { throw 1; });
  CHECK_FALSE(thrown);
  CHECK(db.write("INSERT INTO t(b) VALUES(4)"));
}

TEST_CASE_METHOD(stuck_scheduler, "a caller runs nothing if it shall not, or "
                                  "has a limit") {
  client db{sys, handle};
  db.reply_limit(1ms);
  auto limited = db.write("INSERT INTO t(b) VALUES(1)");
  REQUIRE_FALSE(limited);
  CHECK(limited.error() == ec::deadline_exceeded);
  // The database waits for the scheduler now, and callers with it.
  release();
  db.reply_limit(patience);
  db.caller_runs(false);
  CHECK(thread_of_function(db) != std::this_thread::get_id());
  db.reply_limit(std::chrono::nanoseconds::max());
  CHECK(thread_of_function(db) != std::this_thread::get_id());
}

TEST_CASE_METHOD(stuck_scheduler, "a function may use a client of another "
                                  "database") {
  auto other_opts = opts;
  other_opts.path = folder.file("other.db");
  release();
  auto other = scoped_database::open(sys, other_opts);
  REQUIRE(other);
  REQUIRE((*other)->write("CREATE TABLE u(a)"));
  client db{sys, handle};
  for (auto i = 0; i < 20; ++i) {
    auto receipt = db.transaction([&](session& at) {
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
