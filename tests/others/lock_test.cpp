// What callers see while another process has the file locked: latency.
#include "tests/database/client_fixture.hpp"
#include "tests/oracle/raw_database.hpp"
#include "tests/others/external_process.hpp"

#include <atomic>
#include <optional>
#include <thread>

namespace onewriter::test {

namespace {

using namespace std::chrono_literals;

/// Takes the lock for writing and releases it, in turns. The connection belongs
/// to the external process, which opens it.
std::vector<external_process::step> locking(const std::string& path,
                                            int rounds) {
  auto db = std::make_shared<std::optional<raw_database>>();
  std::vector<external_process::step> result;
  for (auto i = 0; i < rounds; ++i) {
    result.push_back([=] {
      if (!*db)
        db->emplace(path);
      return (*db)->outcome("BEGIN EXCLUSIVE");
    });
    result.push_back([db] { return (*db)->outcome("COMMIT"); });
  }
  return result;
}

/// Takes the lock `rounds` times, for as long as `length`, in one step.
external_process::step locking_for(const std::string& path, int rounds,
                                   std::chrono::milliseconds length) {
  return [=] {
    raw_database db{path};
    for (auto i = 0; i < rounds; ++i) {
      auto outcome = db.outcome("BEGIN EXCLUSIVE");
      std::this_thread::sleep_for(length);
      if (outcome == "ok")
        outcome = db.outcome("COMMIT");
      if (outcome != "ok")
        return outcome;
      // Waiting connections get a chance.
      std::this_thread::sleep_for(length / 10);
    }
    return std::string{"ok"};
  };
}

class lock_fixture : public client_fixture {
public:
  external_process other{locking(opts.path, 3)};

  void open_with_table() {
    open();
    must("CREATE TABLE t(a)");
  }

  /// Whether the writer has looked for the lock again, `times` times.
  bool writer_tries_again(uint64_t times) {
    auto before = stats().lock_waits;
    return eventually([&] { return stats().lock_waits >= before + times; });
  }
};

/// Callers of a thread each that write until they are stopped.
class busy_callers {
public:
  busy_callers(caf::actor_system& sys, const database_actor& db, int count) {
    for (auto i = 0; i < count; ++i)
      threads_.emplace_back([this, &sys, db] { write_on(sys, db); });
  }

  busy_callers(const busy_callers&) = delete;

  busy_callers& operator=(const busy_callers&) = delete;

  ~busy_callers() {
    stop();
  }

  void stop() {
    stop_ = true;
    for (auto& x : threads_)
      x.join();
    threads_.clear();
  }

  uint64_t receipts() const {
    return receipts_;
  }

  uint64_t errors() const {
    return errors_;
  }

private:
  void write_on(caf::actor_system& sys, const database_actor& db) {
    client caller{sys, db};
    while (!stop_)
      ++(caller.write("INSERT INTO t(a) VALUES(1)") ? receipts_ : errors_);
  }

  std::atomic<bool> stop_{false};
  std::atomic<uint64_t> receipts_{0};
  std::atomic<uint64_t> errors_{0};
  std::vector<std::thread> threads_;
};

} // namespace

TEST_CASE_METHOD(lock_fixture, "writes wait for another process's lock") {
  open_with_table();
  for (auto round = 0; round < 3; ++round) {
    REQUIRE(other.act() == "ok");
    std::vector<sent_write> writes;
    for (auto i = 1; i <= 5; ++i)
      writes.push_back(send(write{"INSERT INTO t(a) VALUES(?)", i}));
    CHECK(writer_tries_again(3));
    CHECK(stats().writes.pending == 5);
    REQUIRE(other.act() == "ok");
    for (auto& x : writes)
      CHECK(outcome_of(x.reply()) == "ok");
  }
  CHECK(rows("SELECT COUNT(*), SUM(a) FROM t") == "15|45");
  CHECK(stats().writer_restarts == 0);
}

TEST_CASE_METHOD(lock_fixture, "reads go on under another process's lock") {
  open_with_table();
  must("INSERT INTO t(a) VALUES(1)");
  REQUIRE(other.act() == "ok");
  CHECK(rows("SELECT a FROM t") == "1");
  REQUIRE(other.act() == "ok");
}

TEST_CASE_METHOD(lock_fixture, "a deadline passes while the file is locked") {
  open_with_table();
  REQUIRE(other.act() == "ok");
  auto patient = send(write{"INSERT INTO t(a) VALUES(1)"});
  write hasty{"INSERT INTO t(a) VALUES(2)"};
  hasty.deadline = 50ms;
  CHECK(outcome_of(db->write(hasty)) == "deadline_exceeded");
  // The lock is still held.
  CHECK(stats().writes.pending == 1);
  REQUIRE(other.act() == "ok");
  CHECK(outcome_of(patient.reply()) == "ok");
  CHECK(rows("SELECT a FROM t") == "1");
}

TEST_CASE_METHOD(lock_fixture,
                 "a full queue refuses while the file is locked") {
  opts.queue.max_items = 3;
  open_with_table();
  REQUIRE(other.act() == "ok");
  std::vector<sent_write> writes;
  for (auto i = 1; i <= 3; ++i)
    writes.push_back(send(write{"INSERT INTO t(a) VALUES(?)", i}));
  pass_on();
  CHECK(outcome_of(db->write("INSERT INTO t(a) VALUES(4)")) == "overloaded");
  CHECK(stats().writes.pending == 3);
  REQUIRE(other.act() == "ok");
  for (auto& x : writes)
    CHECK(outcome_of(x.reply()) == "ok");
  CHECK(rows("SELECT a FROM t") == "1 2 3");
}

// A checkpoint is the writer's own work, and this one needs no lock that the
// other process has.
TEST_CASE_METHOD(lock_fixture, "the writer does other work while it waits") {
  opts.busy_timeout = 50ms;
  open_with_table();
  REQUIRE(other.act() == "ok");
  auto waiting = send(write{"INSERT INTO t(a) VALUES(1)"});
  for (auto i = 0; i < 10; ++i) {
    CHECK(writer_tries_again(1));
    CHECK(outcome_of(db->checkpoint()) == "ok");
  }
  CHECK(stats().writes.pending == 1);
  REQUIRE(other.act() == "ok");
  CHECK(outcome_of(waiting.reply()) == "ok");
}

TEST_CASE_METHOD(lock_fixture, "SQLite itself waits no longer than 50 ms") {
  opts.busy_timeout = 51ms;
  CHECK(outcome_of(try_open()) == "invalid_argument");
}

TEST_CASE_METHOD(lock_fixture,
                 "a file that is locked is opened when it can be") {
  REQUIRE(other.act() == "ok");
  auto database = own(spawn_database(sys, opts));
  db = std::make_unique<client>(sys, database);
  db->reply_limit(patience);
  auto creation = send(write{"CREATE TABLE t(a)"});
  CHECK(writer_tries_again(3));
  CHECK(stats().state == "opening");
  REQUIRE(other.act() == "ok");
  CHECK(outcome_of(creation.reply()) == "ok");
}

TEST_CASE_METHOD(client_fixture, "callers see no errors for locks that pass") {
  auto [rounds, length] = GENERATE(std::pair{20, 100ms}, std::pair{2, 3'000ms});
  external_process other{{locking_for(opts.path, rounds, length)}};
  open();
  must("CREATE TABLE t(a)");
  busy_callers callers{sys, db->database(), 4};
  CHECK(other.act() == "ok");
  callers.stop();
  CHECK(callers.receipts() > 0);
  CHECK(callers.errors() == 0);
  CHECK(rows("SELECT COUNT(*) FROM t") == std::to_string(callers.receipts()));
  auto seen = stats();
  CHECK(seen.lock_waits > 0);
  CHECK(seen.writes.acknowledged == callers.receipts() + 1);
}

} // namespace onewriter::test
