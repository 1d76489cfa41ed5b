// Who copies the log, and when; the connections are real, the turns are the
// test's.
#include "actors/writer/checkpoint/checkpointer.hpp"

#include "tests/fixture.hpp"
#include "tests/sqlite/copied_file.hpp"

#include <sqlite3.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

class signal_counter {
public:
  void signal() {
    std::lock_guard guard{mutex_};
    ++count_;
    changed_.notify_all();
  }

  /// Takes one signal; returns false if none comes.
  bool wait() {
    std::unique_lock guard{mutex_};
    if (!changed_.wait_for(guard, patience, [this] { return count_ > 0; }))
      return false;
    --count_;
    return true;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

class checkpointer_fixture : public copied_file {
public:
  checkpointer_fixture() {
    opts.path = path;
    opts.vfs = disk.name();
    opts.checkpoint_pages = 50;
    opts.log = [this](log_level, std::string_view line) {
      logged += line;
    };
  }

  checkpointer& make() {
    return made_.emplace(*db, opts, count, [this] { copied.signal(); });
  }

  /// Starts a copy that stops at its first page.
  void start_held(checkpointer& log) {
    fill();
    disk.hold(is_write_to_file);
    REQUIRE(ok(log.keep_up()));
    REQUIRE(disk.wait_for_held());
  }

  /// The log starts again with the next commit.
  bool is_log_over() {
    auto before = log_pages();
    update(1, 1);
    return log_pages() < before;
  }

  onewriter::options opts;
  std::string logged;
  gauge count;
  signal_counter copied;

private:
  std::optional<checkpointer> made_;
};

} // namespace

TEST_CASE_METHOD(checkpointer_fixture, "a short log is left alone") {
  auto& log = make();
  update(1, 1);
  CHECK(ok(log.keep_up()));
  CHECK(ok(log.stop()));
  CHECK(count.get() == 0);
  CHECK(rest() > 0);
}

TEST_CASE_METHOD(checkpointer_fixture,
                 "a long log is copied by another thread") {
  auto& log = make();
  fill();
  auto is_mine = std::make_shared<std::atomic<bool>>(false);
  disk.hold([is_mine, me = std::this_thread::get_id()](const io_call& x) {
    auto is_writers = is_write_to_file(x) && std::this_thread::get_id() == me;
    return *is_mine = *is_mine || is_writers, false;
  });
  REQUIRE(ok(log.keep_up()));
  REQUIRE(copied.wait());
  REQUIRE(ok(log.keep_up()));
  CHECK_FALSE(*is_mine);
  CHECK(count.get() == 1);
  CHECK(rest() == 0);
  CHECK(db->wal_pages() == 0);
  CHECK(is_log_over());
  CHECK(damage() == "");
}

TEST_CASE_METHOD(checkpointer_fixture,
                 "the writer finishes what came during a copy") {
  auto& log = make();
  start_held(log);
  update(1, 2);
  // Nothing to do yet.
  CHECK(ok(log.keep_up()));
  CHECK(count.get() == 0);
  disk.release();
  REQUIRE(copied.wait());
  CHECK(rest() > 0);
  REQUIRE(ok(log.keep_up()));
  CHECK(rest() == 0);
  CHECK(count.get() == 1);
  CHECK(is_log_over());
  CHECK(damage() == "");
}

TEST_CASE_METHOD(checkpointer_fixture,
                 "what came during a copy is copied again if it is long") {
  auto& log = make();
  start_held(log);
  update(1, 10);
  disk.release();
  REQUIRE(copied.wait());
  auto left = rest();
  REQUIRE(ok(log.keep_up()));
  REQUIRE(copied.wait());
  CHECK(rest() < left);
  CHECK(count.get() == 0);
  REQUIRE(ok(log.keep_up()));
  CHECK(rest() == 0);
  CHECK(count.get() == 1);
  CHECK(damage() == "");
}

TEST_CASE_METHOD(checkpointer_fixture,
                 "an explicit checkpoint stops the copy") {
  auto truncate = GENERATE(false, true);
  auto& log = make();
  start_held(log);
  update(1, 10);
  auto made = std::async(std::launch::async, [&] { return log.run(truncate); });
  disk.release();
  auto receipt = made.get();
  REQUIRE(receipt);
  CHECK_FALSE(receipt->blocked);
  CHECK(rest() == 0);
  if (truncate)
    CHECK(std::filesystem::file_size(path + "-wal") == 0);
  CHECK(damage() == "");
}

TEST_CASE_METHOD(checkpointer_fixture, "the writer is the last that closes") {
  auto& log = make();
  start_held(log);
  auto stopped = std::async(std::launch::async, [&] { return log.stop(); });
  disk.release();
  CHECK(ok(stopped.get()));
  CHECK(ok(db->close()));
  CHECK_FALSE(std::filesystem::exists(path + "-wal"));
}

TEST_CASE_METHOD(checkpointer_fixture, "a copy whose sync fails is told") {
  auto& log = make();
  start_held(log);
  update(1, 1);
  disk.fail_next(is_sync_of_file, SQLITE_IOERR_FSYNC);
  disk.release();
  REQUIRE(copied.wait());
  SECTION("between two turns") {
    CHECK(name_of(log.keep_up()) == "io_error");
  }
  SECTION("by an explicit checkpoint") {
    CHECK(name_of(log.run(false).error()) == "io_error");
  }
  SECTION("when it is stopped") {
    CHECK(name_of(log.stop()) == "io_error");
  }
  CHECK(db->is_index_suspect());
  CHECK(log_pages() > copied_row_count);
}

TEST_CASE_METHOD(checkpointer_fixture,
                 "the writer copies where another thread cannot") {
  auto& log = make();
  fill();
  disk.fail_next([](const io_call& x) { return x.what == io::open; },
                 SQLITE_CANTOPEN);
  REQUIRE(ok(log.keep_up()));
  REQUIRE(copied.wait());
  REQUIRE(disk.has_failed());
  REQUIRE(ok(log.keep_up()));
  CHECK(contains(logged, "the writer copies the log itself: cannot_open"));
  CHECK(rest() == 0);
  CHECK(count.get() == 1);
  update(1, 60);
  REQUIRE(ok(log.keep_up()));
  REQUIRE(copied.wait());
  REQUIRE(ok(log.keep_up()));
  CHECK(count.get() == 2);
  CHECK(rest() == 0);
  CHECK(damage() == "");
}

TEST_CASE_METHOD(checkpointer_fixture,
                 "commits wait for a copy that is far behind") {
  constexpr uint64_t page = 4096;
  opts.wal_limit_bytes = 60 * page;
  auto& log = make();
  start_held(log);
  update(1, 50);
  CHECK(ok(log.keep_up()));
  update(51, 50);
  auto kept = std::async(std::launch::async, [&] { return log.keep_up(); });
  CHECK(kept.wait_for(20ms) == std::future_status::timeout);
  disk.release();
  CHECK(ok(kept.get()));
  while (rest() > 0) {
    REQUIRE(copied.wait());
    REQUIRE(ok(log.keep_up()));
  }
  CHECK(damage() == "");
}

TEST_CASE_METHOD(
  checkpointer_fixture,
  "a log beyond its limit is cut back as soon as readers allow") {
  constexpr uint64_t page = 4096;
  opts.wal_limit_bytes = 100 * page;
  auto& log = make();
  fill();
  auto reader = open(sqlite::role::reader);
  REQUIRE(ok(reader->begin_read()));
  REQUIRE(ok(log.keep_up()));
  REQUIRE(copied.wait());
  REQUIRE(ok(log.keep_up()));
  // All is copied, and the reader needs the log.
  CHECK(rest() == 0);
  CHECK(log_pages() > copied_row_count);
  update(1, 60);
  auto other = open(sqlite::role::reader);
  REQUIRE(ok(other->begin_read()));
  reader->rollback();
  REQUIRE(ok(log.keep_up()));
  REQUIRE(copied.wait());
  CHECK(rest() == 0);
  other->rollback();
  REQUIRE(ok(log.keep_up()));
  CHECK(std::filesystem::file_size(path + "-wal") == 0);
  CHECK(damage() == "");
}

TEST_CASE_METHOD(checkpointer_fixture, "readers keep a long log as it is") {
  auto& log = make();
  fill();
  auto reader = open(sqlite::role::reader);
  REQUIRE(ok(reader->begin_read()));
  update(1, 60);
  auto before = log_pages();
  REQUIRE(ok(log.keep_up()));
  REQUIRE(copied.wait());
  REQUIRE(ok(log.keep_up()));
  CHECK(rest() >= 60);
  // Not again for each turn.
  update(61, 1);
  REQUIRE(ok(log.keep_up()));
  update(62, 100);
  CHECK(log_pages() > before);
  REQUIRE(ok(log.keep_up()));
  REQUIRE(copied.wait());
  reader->rollback();
  REQUIRE(ok(log.keep_up()));
  CHECK(rest() == 0);
  CHECK(damage() == "");
}

// Commits, copies and snapshots at the same time, with the real thread.
TEST_CASE_METHOD(checkpointer_fixture,
                 "readers see every commit while the log is copied") {
  opts.checkpoint_pages = GENERATE(1u, 10u, 60u);
  auto& log = make();
  fill();
  std::atomic<int64_t> last_commit{0};
  std::atomic<bool> is_over{false};
  // What each reader found that must not be.
  auto read = [&] {
    auto reader = open(sqlite::role::reader);
    std::string problems;
    while (!is_over && problems.empty()) {
      auto least = last_commit.load();
      auto found = reader->run_internal(
        "SELECT min(version), max(version), count(*) FROM big WHERE id <= 20");
      if (!found)
        problems = describe(found.error());
      else if (auto& row = found->rows[0];
               row.get<int64_t>(0) != row.get<int64_t>(1)
               || row.get<int64_t>(0) < least || row.get<int64_t>(2) != 20)
        problems = to_string(row);
    }
    return problems;
  };
  auto first = std::async(std::launch::async, read);
  auto second = std::async(std::launch::async, read);
  for (int64_t version = 1; version <= 400; ++version) {
    CHECK(answer(*db, "UPDATE big SET version = ? WHERE id <= 20", version)
          == "");
    last_commit = version;
    CHECK(ok(log.keep_up()));
  }
  is_over = true;
  CHECK(first.get() == "");
  CHECK(second.get() == "");
  CHECK(ok(log.stop()));
  CHECK(count.get() > 0);
  CHECK(db->check(false)->ok());
}
