// How much memory a flood takes while SQLite stands still, through each way to
// send. The hidden case prints a table for floods of any size:
// ONEWRITER_FLOOD=5000000 onewriter_test "a flood of the size asked for".
#include "onewriter/compat/messaging.hpp"
#include "tests/database/client_fixture.hpp"
#include "tests/memory/peak_memory.hpp"
#include "tests/oracle/raw_database.hpp"

#include "onewriter/paced_sender.hpp"
#include "tests/vfs/refusing_disk.hpp"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;

namespace {

const auto into_t = std::string{"INSERT INTO t VALUES(?)"};

const auto content = std::string(1'000, 'x');

bool opens_database(const io_call& x) {
  return x.what == io::open && x.kind == file_kind::database;
}

class flood_fixture : public client_fixture {
public:
  flood_fixture() {
    opts.queue.max_bytes = 8 * 1024 * 1024;
  }

  /// Sends `count` messages in all from `senders` threads.
  template <class MakeSender>
  static void flood(uint64_t count, uint64_t senders, MakeSender make) {
    std::vector<std::thread> threads;
    for (uint64_t i = 0; i < senders; ++i)
      threads.emplace_back([=] {
        auto send = make();
        for (uint64_t n = 0; n < count / senders; ++n)
          send();
      });
    for (auto& thread : threads)
      thread.join();
  }

  // -- ways to send ------------------------------------------------------------

  auto by_client() {
    return [this] {
      auto own = std::make_shared<client>(sys, db->database());
      return [own] {
        own->best_effort("", into_t, content);
      };
    };
  }

  template <class Request>
  auto by_paced_sender() {
    return [this] {
      auto paced = paced_sender::to(sys, db->database());
      return [paced]() mutable {
        static_cast<void>(paced->send(made<Request>()));
      };
    };
  }

  template <class Request>
  auto bare() {
    return [this] {
      return [to = db->database()] {
        compat::anon_send(to, made<Request>());
      };
    };
  }

  /// Sends requests and does not wait for their replies.
  auto unawaited_requests() {
    return [this] {
      auto own = std::make_shared<caf::scoped_actor>(sys);
      return [own, to = db->database()] {
        compat::request(*own, to, caf::infinite, made<write>());
      };
    };
  }

  template <class Request>
  static Request made() {
    if constexpr (std::is_same_v<Request, best_effort>)
      return best_effort{"", into_t, content};
    else
      return write{into_t, content};
  }

  // -- measuring ---------------------------------------------------------------

  /// Returns how much memory a flood took while the writer stood still.
  template <class MakeSender>
  int64_t growth_mb(uint64_t count, uint64_t senders, MakeSender make) {
    auto busy = hold();
    peak_memory peak;
    flood(count, senders, make);
    auto counts = stats();
    auto result = peak.growth_mb();
    last_ = counts;
    busy.release();
    return result;
  }

  template <class MakeSender>
  void print(const char* way, uint64_t count, MakeSender make) {
    for (auto senders : {1, 8}) {
      auto mb = growth_mb(count, static_cast<uint64_t>(senders), make);
      std::printf("| %-28s | %d | %6ld MB |\n", way, senders,
                  static_cast<long>(mb));
      std::fflush(stdout);
    }
  }

  const statistics& last() const {
    return last_;
  }

private:
  statistics last_;
};

constexpr uint64_t many = 200'000;

} // namespace

TEST_CASE_METHOD(flood_fixture, "a flood of best effort through clients takes "
                                "no more memory than the limits allow") {
  open();
  must("CREATE TABLE t(a)");
  for (auto senders : {1, 8}) {
    CAPTURE(senders);
    CHECK(growth_mb(many, static_cast<uint64_t>(senders), by_client()) < 80);
  }
  auto& counts = last().best_effort;
  CHECK(counts.submitted == 2 * many);
  CHECK(counts.dropped_full > 0);
  close();
}

TEST_CASE_METHOD(flood_fixture, "a flood of writes through paced senders takes "
                                "no more memory than the limits allow") {
  open();
  must("CREATE TABLE t(a)");
  for (auto senders : {1, 8}) {
    CAPTURE(senders);
    CHECK(
      growth_mb(many, static_cast<uint64_t>(senders), by_paced_sender<write>())
      < 80);
  }
  // Those of `open` and `hold` are there, too.
  CHECK(last().writes.submitted >= 2 * many);
  CHECK(last().writes.refused > many);
  close();
}

TEST_CASE_METHOD(flood_fixture, "a flood to the handle itself takes no more "
                                "memory than the limits allow") {
  open();
  must("CREATE TABLE t(a)");
  for (auto senders : {1u, 8u}) {
    CAPTURE(senders);
    auto before = stats();
    CHECK(growth_mb(many, senders, bare<best_effort>()) < 80);
    CHECK(last().best_effort.submitted == before.best_effort.submitted + many);
    CHECK(growth_mb(many, senders, bare<write>()) < 80);
    // With the one that holds the writer.
    CHECK(last().writes.submitted >= before.writes.submitted + many);
  }
  CHECK(last().best_effort.dropped_full > many);
  CHECK(last().writes.refused > many);
  close();
}

TEST_CASE_METHOD(flood_fixture, "requests are answered at once where too much "
                                "is on its way") {
  opts.queue.max_items = 10;
  open();
  must("CREATE TABLE t(a)");
  auto busy = hold();
  std::vector<sent_write> requests;
  for (auto i = 0; i < 1'000; ++i)
    requests.push_back(send(write{into_t, i}));
  pass_on();
  CHECK(stats().writes.submitted == 1'002);
  CHECK(stats().writes.pending == 10);
  CHECK(busy.release() == "ok");
  uint64_t done = 0;
  for (auto& x : requests) {
    auto outcome = outcome_of(x.reply());
    done += outcome == "ok" ? 1 : 0;
    CHECK((outcome == "ok" || outcome == "overloaded"));
  }
  CHECK(rows("SELECT COUNT(*) FROM t") == std::to_string(done));
  close();
}

TEST_CASE_METHOD(flood_fixture, "a flood of writes while the file cannot be "
                                "opened takes no more memory either") {
  open();
  must("CREATE TABLE t(a)");
  close();
  raw_database other{opts.path};
  REQUIRE(other.outcome("BEGIN EXCLUSIVE") == "ok");
  db = std::make_unique<client>(sys, own(spawn_database(sys, opts)));
  peak_memory peak;
  flood(many, 8, by_paced_sender<write>());
  auto counts = stats();
  CHECK(peak.growth_mb() < 80);
  CHECK(counts.state == "opening");
  CHECK(counts.writes.submitted == many);
  CHECK(counts.writes.pending_bytes <= opts.queue.max_bytes);
  REQUIRE(other.outcome("ROLLBACK") == "ok");
  close();
}

TEST_CASE_METHOD(flood_fixture, "a flood of writes while the writer restarts "
                                "takes no more memory either") {
  refusing_disk disk{SQLITE_CANTOPEN, opens_database};
  opts.allow_failure_injection = true;
  opts.vfs = disk.name();
  open();
  must("CREATE TABLE t(a)");
  disk.is_refusing = true;
  compat::anon_send(db->database(), inject_failure{failure_kind::connection});
  REQUIRE(eventually([&] { return stats().state == "restarting"; }));
  peak_memory peak;
  flood(many, 8, bare<write>());
  auto counts = stats();
  CHECK(peak.growth_mb() < 80);
  CHECK(counts.state == "restarting");
  CHECK(counts.writes.pending > 1'000);
  CHECK(counts.writes.pending_bytes <= opts.queue.max_bytes);
  disk.is_refusing = false;
  REQUIRE(eventually([&] { return stats().writes.pending == 0; }));
  CHECK(rows("SELECT COUNT(*) FROM t")
        == std::to_string(counts.writes.pending));
  close();
}

TEST_CASE_METHOD(flood_fixture, "a paced sender refuses what is too much, and "
                                "lets what follows through") {
  opts.queue.max_items = 10;
  open();
  must("CREATE TABLE t(a)");
  auto paced = paced_sender::to(sys, db->database());
  REQUIRE(paced);
  uint64_t refused = 0;
  for (int i = 0; i < 1'000; ++i)
    if (auto err = paced->send(write{into_t, i}); err != caf::none) {
      CHECK(code_of(err) == ec::overloaded);
      ++refused;
    }
  auto counts = stats();
  CHECK(counts.writes.submitted == 1'001);
  CHECK(counts.writes.refused >= refused);
  REQUIRE(eventually([&] { return stats().writes.pending == 0; }));
  CHECK(paced->send(write{into_t, -1}) == caf::none);
  REQUIRE(eventually(
    [&] { return rows("SELECT COUNT(*) FROM t WHERE a = -1") == "1"; }));
  close();
  CHECK(paced_sender::to(sys, db->database()));
}

TEST_CASE_METHOD(flood_fixture, "a flood of the size asked for", "[.flood]") {
  auto asked = std::getenv("ONEWRITER_FLOOD");
  auto count = asked != nullptr ? std::strtoull(asked, nullptr, 10) : many;
  opts.queue.max_bytes = queue_options{}.max_bytes;
  open();
  must("CREATE TABLE t(a)");
  print("client, best effort", count, by_client());
  print("paced sender, best effort", count, by_paced_sender<best_effort>());
  print("paced sender, writes", count, by_paced_sender<write>());
  print("bare best effort", count, bare<best_effort>());
  print("bare writes", count, bare<write>());
  print("requests, not waited for", count, unawaited_requests());
  close();
}
