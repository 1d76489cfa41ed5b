// Other programs that work on with a file whose helpers were deleted: one with
// an index of its own, one that owns the file as well.
#include "tests/database/client_fixture.hpp"
#include "tests/oracle/raw_database.hpp"
#include "tests/others/external_process.hpp"
#include "tests/others/file_tampering.hpp"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <mutex>
#include <thread>

namespace onewriter::test {

namespace {

class takeover_fixture : public client_fixture {
public:
  takeover_fixture() {
    opts.restarts.initial_delay = std::chrono::milliseconds{1};
    opts.checkpoint_pages = 1'000'000;
  }

  static write row(int64_t number) {
    return write{"INSERT INTO t(a, b) VALUES(?, hex(randomblob(100)))", number};
  }

  /// Blocks until the database has given up.
  bool gives_up() {
    return eventually([this] { return stats().state == "failed"; });
  }

  /// Compares the file with the numbers that were acknowledged.
  std::string look_for(const std::vector<int64_t>& numbers) const {
    auto list = folder.file("numbers");
    std::ofstream file{list};
    for (auto number : numbers)
      file << number << '\n';
    file.close();
    return look_for_numbers(opts.path, list);
  }
};

/// Callers of a thread each that write until they get an error.
class lasting_callers {
public:
  lasting_callers(caf::actor_system& sys, const database_actor& db, int count) {
    for (auto i = 1; i <= count; ++i)
      threads_.emplace_back([this, &sys, db, i] { write_on(sys, db, i); });
  }

  lasting_callers(const lasting_callers&) = delete;

  lasting_callers& operator=(const lasting_callers&) = delete;

  ~lasting_callers() {
    stop_ = true;
    wait_for_end();
  }

  void wait_for_end() {
    for (auto& x : threads_)
      x.join();
    threads_.clear();
  }

  size_t receipts() {
    std::lock_guard guard{mutex_};
    return numbers_.size();
  }

  // To be called when they have ended.

  const std::vector<int64_t>& numbers() const {
    return numbers_;
  }

  uint64_t last_commit() const {
    return last_commit_;
  }

  const std::vector<std::string>& outcomes() const {
    return outcomes_;
  }

private:
  void write_on(caf::actor_system& sys, const database_actor& db, int caller) {
    client from{sys, db};
    from.reply_limit(patience);
    for (auto number = caller * int64_t{1'000'000}; !stop_; ++number) {
      auto receipt = from.write(takeover_fixture::row(number));
      std::lock_guard guard{mutex_};
      if (!receipt) {
        outcomes_.push_back(outcome_of(receipt));
        return;
      }
      numbers_.push_back(number);
      last_commit_ = std::max(last_commit_, receipt->commit);
    }
  }

  std::vector<std::thread> threads_;
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::vector<int64_t> numbers_;
  std::vector<std::string> outcomes_;
  uint64_t last_commit_ = 0;
};

/// Another owner of the file, in its process.
class second_owner {
public:
  explicit second_owner(std::string path) {
    opts_.path = std::move(path);
    opts_.log = nullptr;
  }

  ~second_owner() {
    caf::anon_send_exit(database_, caf::exit_reason::user_shutdown);
  }

  /// Returns "ok", or why it cannot own the file.
  std::string open() {
    auto opened = open_database(sys_, opts_);
    if (!opened)
      return describe(opened.error());
    database_ = *opened;
    return "ok";
  }

  /// Returns the number of the commit, or an error.
  std::string write(int64_t number) {
    client db{sys_, database_};
    auto receipt = db.write(takeover_fixture::row(number));
    return receipt ? std::to_string(receipt->commit)
                   : describe(receipt.error());
  }

  std::string close() {
    client db{sys_, database_};
    return outcome_of(db.close());
  }

private:
  options opts_;
  config cfg_;
  caf::actor_system sys_{cfg_};
  database_actor database_;
};

class external_index_fixture : public takeover_fixture {
public:
  external_process other{{[this] {
    return write_without_owner();
  }}};

  std::string write_without_owner() const {
    tamper(tampering::erase, victim::index, opts.path);
    raw_database external{opts.path};
    for (auto sql :
         {"WITH RECURSIVE n(x) AS (SELECT 2000 UNION ALL SELECT x + 1 FROM n "
          "WHERE x < 2999) "
          "INSERT INTO t(a, b) SELECT x, hex(randomblob(100)) FROM n",
          "PRAGMA wal_checkpoint(RESTART)", "INSERT INTO t(a, b) VALUES(1, 1)"})
      if (auto outcome = external.outcome(sql); outcome != "ok")
        return outcome;
    return "done";
  }
};

class second_owner_fixture : public takeover_fixture {
public:
  std::shared_ptr<second_owner> second;
  external_process other{{[this] { return take_over(); },
                          [this] { return second->write(1); },
                          [this] { return second->write(2); },
                          [this] {
                            return second->close();
                          }}};

  std::string take_over() {
    tamper(tampering::erase, victim::lock, opts.path);
    second = std::make_shared<second_owner>(opts.path);
    return second->open();
  }
};

} // namespace

TEST_CASE_METHOD(external_index_fixture,
                 "another program may work on without the index") {
  open();
  must("CREATE TABLE t(a INTEGER, b TEXT)");
  std::vector<int64_t> acknowledged;
  for (auto number = 100; number < 200; ++number) {
    must(row(number));
    acknowledged.push_back(number);
  }
  REQUIRE(other.act() == "done");
  for (auto number = 1; number <= 50; ++number)
    CHECK(outcome_of(db->write(row(number))) == "file_replaced");
  REQUIRE(gives_up());
  for (auto number = 2000; number < 3000; ++number)
    acknowledged.push_back(number);
  CHECK(look_for(acknowledged) == "all there");
}

TEST_CASE_METHOD(second_owner_fixture,
                 "of two owners the one without the lock's name stops") {
  open();
  must("CREATE TABLE t(a INTEGER, b TEXT)");
  lasting_callers callers{sys, db->database(), 4};
  REQUIRE(eventually([&] { return callers.receipts() > 100; }));
  REQUIRE(other.act() == "ok");
  auto first = other.act();
  auto last = other.act();
  callers.wait_for_end();
  CHECK(callers.outcomes() == std::vector<std::string>(4, "file_replaced"));
  REQUIRE(gives_up());
  CHECK(std::stoull(first) > callers.last_commit());
  CHECK(std::stoull(last) > std::stoull(first));
  CHECK(other.act() == "ok");
  auto all = callers.numbers();
  all.push_back(1);
  all.push_back(2);
  CHECK(look_for(all) == "all there");
}

} // namespace onewriter::test
