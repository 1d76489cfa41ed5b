#include "tests/others/tampering_owner.hpp"

#include "onewriter/client.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/config.hpp"
#include "onewriter/failure.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

namespace onewriter::test {

namespace {

using namespace std::chrono_literals;

// No test is faster for it.
constexpr auto patience = 30s;

// More than failures are counted within the period of restarts.
constexpr uint64_t vain_restarts = 6;

// Until one of its callers stops, where nothing keeps it from writing on.
constexpr int writes_behind = 5;

std::string outcome_of(const caf::error& err) {
  return err == caf::none ? "ok" : to_string(code_of(err));
}

template <class T>
std::string outcome_of(const caf::expected<T>& x) {
  return x ? "ok" : outcome_of(x.error());
}

/// Opens once; others block until then.
class barrier {
public:
  void open() {
    std::lock_guard guard{mutex_};
    is_open_ = true;
    changed_.notify_all();
  }

  void pass() {
    std::unique_lock guard{mutex_};
    changed_.wait(guard, [this] { return is_open_; });
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
};

/// The lists of what was acknowledged, and the outcomes of all writes.
class outcome_ledger {
public:
  explicit outcome_ledger(const tampering_paths& paths)
    : before_{paths.before},
      later_{paths.later} {
    // nop
  }

  void enter(int64_t number, bool is_later, const std::string& outcome) {
    std::lock_guard guard{mutex_};
    outcomes_.insert(outcome);
    if (outcome == "ok")
      (is_later ? later_ : before_) << number << std::endl;
  }

  std::string outcomes() {
    std::lock_guard guard{mutex_};
    std::string result;
    for (auto& x : outcomes_)
      result += (result.empty() ? "" : " ") + x;
    return result;
  }

  void forget_outcomes() {
    std::lock_guard guard{mutex_};
    outcomes_.clear();
  }

private:
  std::mutex mutex_;
  std::ofstream before_;
  std::ofstream later_;
  std::set<std::string> outcomes_;
};

class owner {
public:
  owner(talk_end& parent, rows_are where, const tampering_paths& paths)
    : parent_{parent},
      ledger_{paths} {
    opts_.path = paths.database;
    opts_.readers = 2;
    opts_.allow_failure_injection = true;
    opts_.checkpoint_pages = 1'000'000;
    opts_.max_attempts = 1'000'000;
    opts_.restarts.initial_delay = 1ms;
    opts_.restarts.max_delay = 5ms;
    opts_.query_deadline = patience;
    opts_.slow_statement = 1h;
    opts_.log = [this](log_level, std::string_view line) {
      watch(line);
    };
    auto opened = open_database(sys_, opts_);
    if (!opened)
      throw std::runtime_error{describe(opened.error())};
    database_ = *opened;
    db_ = std::make_unique<client>(sys_, database_);
    db_->reply_limit(patience);
    fill(where);
  }

  ~owner() {
    tampering_is_done_.open();
    join();
    caf::anon_send_exit(database_, caf::exit_reason::user_shutdown);
  }

  void be_tampered_with(moment when) {
    prepare(when);
    parent_.tell("ready");
    parent_.wait();
    is_done_ = true;
    tampering_is_done_.open();
    if (when == moment::idle || when == moment::restart)
      start([this](client& db, int64_t first) { write_some(db, first); });
    settle();
    parent_.tell("settled");
    parent_.wait();
    join();
  }

  void report() {
    auto writes = ledger_.outcomes();
    auto last = outcome_of(db_->write(row(1)));
    last += " " + outcome_of(db_->query("SELECT COUNT(*) FROM t"));
    last += has_balance() ? " balanced" : " unbalanced";
    auto state = stats().state;
    if (state == "open")
      state += " " + outcome_of(db_->close());
    parent_.tell(writes + '\n' + cursor_ + '\n' + last + '\n' + state + '\n');
  }

private:
  static write row(int64_t number) {
    return write{"INSERT INTO t(a, b) VALUES(?, hex(randomblob(100)))", number};
  }

  void fill(rows_are where) {
    must(outcome_of(db_->write("CREATE TABLE t(a INTEGER, b TEXT)")));
    must(outcome_of(db_->write("CREATE INDEX i ON t(b)")));
    fill(1'001);
    if (where == rows_are::in_file_and_log)
      copy_log();
    fill(2'001);
    ledger_.forget_outcomes();
  }

  void fill(int64_t first) {
    constexpr int64_t count = 300;
    write what{"WITH RECURSIVE n(x) AS (SELECT ? UNION ALL SELECT x + 1 FROM "
               "n WHERE x < ?) "
               "INSERT INTO t(a, b) SELECT x, hex(randomblob(100)) FROM n",
               first, first + count - 1};
    must(outcome_of(db_->write(std::move(what))));
    for (auto i = first; i < first + count; ++i)
      ledger_.enter(i, false, "ok");
  }

  // A reader that opens the file may be in the way of a checkpoint.
  void copy_log() {
    for (auto blocked = true; blocked;) {
      auto receipt = db_->checkpoint();
      must(outcome_of(receipt));
      blocked = receipt->blocked;
    }
  }

  static void must(const std::string& outcome) {
    if (outcome != "ok")
      throw std::runtime_error{"the database could not be filled: " + outcome};
  }

  // -- the moments ----------------------------------------------------------------

  void prepare(moment when) {
    switch (when) {
      case moment::turn:
        return be_in_turn();
      case moment::load:
        return be_under_load();
      case moment::restart:
        return be_restarting();
      case moment::cursor:
        return be_read();
      default:
        return;
    }
  }

  void be_in_turn() {
    auto entered = std::make_shared<barrier>();
    start([=](client& db, int64_t first) {
      transaction what;
      what.priority = priority::urgent;
      what.function = [=](session& s) -> caf::expected<result_set> {
        entered->open();
        tampering_is_done_.pass();
        return s.run(row(first).statements.front());
      };
      ledger_.enter(first, false, outcome_of(db.transaction(std::move(what))));
    });
    entered->pass();
    start([this](client& db, int64_t first) { write_some(db, first); });
    while (stats().writes.pending < 2)
      std::this_thread::yield();
  }

  void be_under_load() {
    for (auto i = 0; i < 4; ++i)
      start([this](client& db, int64_t first) { write_some(db, first); });
    while (receipts_ < 40)
      std::this_thread::yield();
  }

  void be_restarting() {
    compat::anon_send(database_, inject_failure{});
    has_failed_.pass();
  }

  void be_read() {
    auto first_row = std::make_shared<barrier>();
    start([=](client& db, int64_t first) {
      client other{sys_, database_};
      query all{"SELECT a FROM t"};
      all.max_rows = 10;
      auto visited = 0;
      auto err = db.for_each_row(all, [&](const onewriter::row&) {
        if (++visited == 1) {
          first_row->open();
          tampering_is_done_.pass();
          write_some(other, first);
        }
        return true;
      });
      if (err != caf::none)
        cursor_ = outcome_of(err);
    });
    first_row->pass();
    // What the cursor does not see, the log has to keep.
    for (auto number = 3'001; number <= 3'010; ++number)
      ledger_.enter(number, false, outcome_of(db_->write(row(number))));
    ledger_.forget_outcomes();
  }

  // The database tells of the writer's failure before the writer is restarted,
  // and the restart waits for it.
  void watch(std::string_view line) {
    if (is_done_ || line.substr(0, 13) != "writer failed")
      return;
    has_failed_.open();
    tampering_is_done_.pass();
  }

  // -- callers --------------------------------------------------------------------

  void start(std::function<void(client&, int64_t first)> body) {
    ++running_;
    first_ += 1'000'000;
    callers_.emplace_back([this, body = std::move(body), first = first_] {
      client db{sys_, database_};
      db.reply_limit(patience);
      body(db, first);
      --running_;
    });
  }

  /// Writes rows until one fails, or until some that were sent after the
  /// tampering have arrived.
  void write_some(client& db, int64_t first) {
    auto behind = 0;
    for (auto number = first; behind < writes_behind; ++number) {
      bool is_later = is_done_;
      auto outcome = outcome_of(db.write(row(number)));
      ledger_.enter(number, is_later, outcome);
      if (outcome != "ok")
        return;
      ++receipts_;
      behind += is_later ? 1 : 0;
    }
  }

  void settle() {
    auto limit = std::chrono::steady_clock::now() + patience;
    while (running_ > 0 && stats().writer_restarts < vain_restarts
           && std::chrono::steady_clock::now() < limit)
      std::this_thread::sleep_for(1ms);
  }

  void join() {
    for (auto& x : callers_)
      x.join();
    callers_.clear();
  }

  // -- observers ------------------------------------------------------------------

  onewriter::statistics stats() {
    auto result = db_->statistics();
    return result ? *result : onewriter::statistics{};
  }

  bool has_balance() {
    auto x = stats().writes;
    return x.pending == 0
           && x.submitted == x.acknowledged + x.failed + x.refused + x.unknown;
  }

  talk_end& parent_;
  outcome_ledger ledger_;
  options opts_;
  config cfg_;
  caf::actor_system sys_{cfg_};
  database_actor database_;
  std::unique_ptr<client> db_;
  barrier tampering_is_done_;
  barrier has_failed_;
  std::atomic<bool> is_done_{false};
  std::atomic<int> running_{0};
  std::atomic<int> receipts_{0};
  std::string cursor_ = "ok";
  int64_t first_ = 0;
  std::vector<std::thread> callers_;
};

} // namespace

std::string to_string(moment x) {
  constexpr const char* names[] = {"idle", "turn", "load", "restart", "cursor"};
  return names[static_cast<size_t>(x)];
}

void own_during_tampering(talk_end& parent, moment when, rows_are where,
                          const tampering_paths& paths) {
  owner x{parent, where, paths};
  x.be_tampered_with(when);
  x.report();
}

} // namespace onewriter::test
