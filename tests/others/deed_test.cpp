// What becomes of a database whose files another process deletes, replaces or
// damages while it is open.
#include "tests/client_fixture.hpp"
#include "tests/others/file_deeds.hpp"
#include "tests/others/outsider.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

namespace onewriter::test {

namespace {

constexpr deed all_deeds[]
  = {deed::delete_file, deed::rename_file, deed::replace_file, deed::delete_log,
     deed::replace_log, deed::spoil_file,  deed::spoil_log,    deed::empty_file,
     deed::halve_file,  deed::empty_log};

// Whether the owner holds on to the true file while its name leads elsewhere.
bool takes_the_name_only(deed x) {
  return x == deed::delete_file || x == deed::rename_file
         || x == deed::replace_file || x == deed::delete_log
         || x == deed::replace_log;
}

/// A database of some pages, partly in the file and partly in the log; another
/// process that does `what` to it, and later looks what is left.
class deed_fixture : public client_fixture {
public:
  deed what = GENERATE(from_range(std::begin(all_deeds), std::end(all_deeds)));
  outsider other{{[=] { return commit_deed(what, opts.path); },
                  [=] {
                    return look_for_numbers(opts.path, numbers());
                  }}};

  deed_fixture() {
    opts.restarts.initial_delay = std::chrono::milliseconds{1};
    opts.checkpoint_pages = 1'000'000;
    open();
    must("CREATE TABLE t(a INTEGER, b TEXT)");
    must("CREATE INDEX i ON t(b)");
    must(fill(1));
    REQUIRE(outcome_of(db->checkpoint()) == "ok");
    must(fill(1'001));
  }

  /// Where the numbers are that were acknowledged.
  std::string numbers() const {
    return folder.file("numbers");
  }

  static write fill(int first) {
    return write{"WITH RECURSIVE n(x) AS (SELECT ? UNION ALL SELECT x + 1 FROM "
                 "n WHERE x % 1000 > 0) "
                 "INSERT INTO t(a, b) SELECT x, hex(randomblob(100)) FROM n",
                 first};
  }

  static write row(int64_t number) {
    return write{"INSERT INTO t(a, b) VALUES(?, hex(randomblob(100)))", number};
  }

  void commit() {
    REQUIRE(other.act() == "done");
  }

  /// Returns "clear" where a write got an error that says what happened: where
  /// only the name is gone, that; a damage is called what SQLite takes it for.
  /// Otherwise what happened and the error.
  std::string clarity(const std::string& outcome) const {
    auto expected = takes_the_name_only(what)
                      ? outcome == "file_replaced"
                      : outcome == "corrupt" || outcome == "not_a_database";
    return expected ? "clear" : to_string(what) + ": " + outcome;
  }

  /// As above, for a write that was being committed just then.
  std::string honesty(const std::string& outcome) const {
    return outcome == "outcome_unknown" ? "clear" : clarity(outcome);
  }

  /// Blocks until the database has given up.
  bool gives_up() {
    return eventually([this] { return stats().state == "failed"; });
  }
};

/// Callers that write on until they get an error, each with a thread of its
/// own, and list what was acknowledged.
class doomed_callers {
public:
  doomed_callers(caf::actor_system& sys, const database_actor& db, int count) {
    for (auto i = 1; i <= count; ++i)
      threads_.emplace_back([this, &sys, db, i] { write_on(sys, db, i); });
  }

  doomed_callers(const doomed_callers&) = delete;

  doomed_callers& operator=(const doomed_callers&) = delete;

  ~doomed_callers() {
    stop_ = true;
    wait_for_end();
  }

  void wait_for_end() {
    for (auto& x : threads_)
      x.join();
    threads_.clear();
  }

  uint64_t receipts() const {
    return receipts_;
  }

  std::vector<int64_t> acknowledged() {
    std::unique_lock guard{mutex_};
    return acknowledged_;
  }

  std::vector<std::string> outcomes() {
    std::unique_lock guard{mutex_};
    return outcomes_;
  }

private:
  void write_on(caf::actor_system& sys, const database_actor& db, int caller) {
    client from{sys, db};
    from.reply_limit(patience);
    for (auto number = caller * int64_t{1'000'000}; !stop_; ++number) {
      auto receipt = from.write(deed_fixture::row(number));
      std::unique_lock guard{mutex_};
      if (!receipt) {
        outcomes_.push_back(outcome_of(receipt));
        return;
      }
      acknowledged_.push_back(number);
      ++receipts_;
    }
  }

  std::vector<std::thread> threads_;
  std::atomic<bool> stop_{false};
  std::atomic<uint64_t> receipts_{0};
  std::mutex mutex_;
  std::vector<int64_t> acknowledged_;
  std::vector<std::string> outcomes_;
};

} // namespace

TEST_CASE_METHOD(deed_fixture, "a write behind a deed gets a clear error") {
  commit();
  CHECK(honesty(outcome_of(db->write(row(1)))) == "clear");
  REQUIRE(gives_up());
  CHECK(clarity(outcome_of(db->write(row(2)))) == "clear");
  CHECK(clarity(rows("SELECT 1")) == "clear");
  auto seen = stats().writes;
  CHECK(seen.pending == 0);
  CHECK(seen.submitted
        == seen.acknowledged + seen.failed + seen.refused + seen.unknown);
}

// The writer is in the middle of a transaction when it happens.
TEST_CASE_METHOD(deed_fixture, "a deed during a turn spoils all of it") {
  auto held = hold();
  auto waiting = send(row(1));
  pass_on();
  commit();
  auto outcome = held.release();
  CHECK(honesty(outcome) == "clear");
  CHECK(honesty(outcome_of(waiting.reply())) == "clear");
  CHECK(gives_up());
}

TEST_CASE_METHOD(deed_fixture, "no receipt is given for what is not there") {
  doomed_callers callers{sys, db->database(), 4};
  REQUIRE(eventually([&] { return callers.receipts() > 100; }));
  commit();
  std::vector<int64_t> later;
  for (auto number = 1; number <= 10; ++number)
    if (db->write(row(number)))
      later.push_back(number);
  callers.wait_for_end();
  for (auto& x : callers.outcomes())
    CHECK(honesty(x) == "clear");
  CHECK(callers.outcomes().size() == 4);
  REQUIRE(gives_up());
  std::ofstream list{numbers()};
  for (auto number : later)
    list << number << '\n';
  // Nobody has touched the file itself, so that nothing may be lost.
  if (what == deed::delete_log || what == deed::replace_log)
    for (auto number : callers.acknowledged())
      list << number << '\n';
  list.close();
  CHECK(other.act() == "all there");
}

} // namespace onewriter::test
