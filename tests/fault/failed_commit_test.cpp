// A COMMIT whose sync fails: the transaction reaches the disk, or it does not.
#include "actors/core/database_core.hpp"
#include "onewriter/compat/messaging.hpp"
#include "tests/database/database_fixture.hpp"
#include "tests/database/positioned_write.hpp"
#include "tests/fault/inject/faulty_disk.hpp"
#include "tests/oracle/raw_database.hpp"
#include "tests/vfs/shim_vfs.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <mutex>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

constexpr auto batch_count = 5;
constexpr auto writes_per_batch = 4;

/// A disk that fails to sync a log when a test says so, and keeps what a power
/// loss would leave at that moment: a copy of the database and its log.
class photographed_disk : private io_observer {
public:
  const std::string& name() const {
    return vfs_.name();
  }

  /// Makes the sync after the next one fail; the copy is `copy`, and has what
  /// was written since the last sync, or not.
  void fail_second_sync(std::string copy, bool has_reached_disk) {
    std::lock_guard guard{mutex_};
    copy_ = std::move(copy);
    has_reached_disk_ = has_reached_disk;
    skip_next_ = true;
  }

  bool has_failed() {
    std::lock_guard guard{mutex_};
    return copy_.empty();
  }

private:
  // Not the way to treat a file that other processes have open: the locks on it
  // are gone as soon as the copy is closed.
  io_verdict before(const io_call& what) override {
    std::lock_guard guard{mutex_};
    if (what.what != io::sync || what.kind != file_kind::log)
      return {};
    if (copy_.empty() || std::exchange(skip_next_, false)) {
      synced_.keep(what.path);
      return {};
    }
    auto database = what.path.substr(0, what.path.size() - 4);
    std::filesystem::copy(database, copy_);
    std::filesystem::copy(what.path, copy_ + "-wal");
    if (!has_reached_disk_)
      synced_.restore(copy_ + "-wal", what.path);
    copy_.clear();
    return {SQLITE_IOERR_FSYNC, false, -1};
  }

  std::mutex mutex_;
  std::string copy_;
  bool has_reached_disk_ = false;
  bool skip_next_ = false;
  synced_log synced_;
  shim_vfs vfs_{*this};
};

int id_of(int batch, int number) {
  return batch * writes_per_batch + number;
}

write write_of(int id) {
  write result{"INSERT INTO t(a, b) VALUES(?, 1)", id};
  result.then("INSERT INTO t(a, b) VALUES(?, 2)", id);
  return result;
}

class failed_commit_fixture : public database_fixture {
public:
  /// Whether writes have positions in a session, and not keys.
  bool has_positions = false;

  /// Sends the writes of a batch, which share a commit. Returns how many got
  /// receipts.
  int send_batch(int batch, const std::function<void()>& before_commit) {
    busy_writer busy{sys, database};
    std::vector<handle> replies;
    for (auto i = 1; i <= writes_per_batch; ++i)
      replies.push_back(send(id_of(batch, i)));
    // All of them are in the writer's mailbox before the commit begins.
    REQUIRE(db->statistics());
    // What keeps the writer busy has a commit of its own.
    before_commit();
    busy.release();
    auto result = 0;
    for (auto& reply : replies)
      result += receive<write_receipt>(std::move(reply)) ? 1 : 0;
    return result;
  }

  /// "batch: rows" of all batches that are there.
  std::string batches() {
    return rows("SELECT (a - 1) / " + std::to_string(writes_per_batch)
                + ", COUNT(*), COUNT(DISTINCT a) FROM t GROUP BY 1 ORDER BY 1");
  }

  static std::string whole_batches(int count) {
    std::string result;
    for (auto i = 0; i < count; ++i)
      result += (i == 0 ? "" : " ") + std::to_string(i) + "|"
                + std::to_string(2 * writes_per_batch) + "|"
                + std::to_string(writes_per_batch);
    return result;
  }

private:
  using handle = decltype(compat::request(std::declval<caf::scoped_actor&>(),
                                          std::declval<database_actor&>(),
                                          patience, write{}));

  handle send(int id) {
    auto what = write_of(id);
    if (has_positions)
      return compat::request(
        self, caf::actor_cast<database_core_actor>(database), patience,
        positioned(std::move(what), {session_, static_cast<uint64_t>(id), 0}));
    what.idempotency_key = "write " + std::to_string(id);
    return compat::request(self, database, patience, std::move(what));
  }

  session_ptr session_ = make_session("session");
};

} // namespace

TEST_CASE_METHOD(failed_commit_fixture,
                 "no batch whose sync fails is applied twice") {
  auto has_reached_disk = GENERATE(true, false);
  has_positions = GENERATE(true, false);
  photographed_disk disk;
  opts.vfs = disk.name();
  open();
  auto copy_of = [&](int batch) {
    return folder.file("crashed-" + std::to_string(batch) + ".db");
  };
  for (auto batch = 0; batch < batch_count; ++batch) {
    auto receipts = send_batch(
      batch, [&] { disk.fail_second_sync(copy_of(batch), has_reached_disk); });
    CHECK(receipts == writes_per_batch);
    CHECK(disk.has_failed());
    CHECK(batches() == whole_batches(batch + 1));
  }
  CHECK(db->statistics()->writer_restarts == batch_count);
  close();
  // The power goes instead, and the senders send again what had no receipt.
  opts.vfs.clear();
  for (auto batch = 0; batch < batch_count; ++batch) {
    opts.path = copy_of(batch);
    open();
    CHECK(batches() == whole_batches(batch + (has_reached_disk ? 1 : 0)));
    CHECK(send_batch(batch, [] {}) == writes_per_batch);
    CHECK(batches() == whole_batches(batch + 1));
    CHECK(db->check_integrity()->ok());
    close();
  }
}

// What SQLite rolled back is in the log all the same. Until it is overwritten,
// a connection that reads the log from its beginning finds it.
TEST_CASE_METHOD(failed_commit_fixture, "what was refused does not come back") {
  faulty_disk disk;
  opts.vfs = disk.name();
  opts.restarts.initial_delay = 2s;
  opts.restarts.max_delay = 2s;
  open();
  disk.start(folder.path(),
             fault_point{io::sync, fault::error_after, duration::once, 0});
  write what{"INSERT INTO t(a) VALUES(1)"};
  what.deadline = 1s;
  auto reply = outcome(db->write(std::move(what)));
  CHECK(disk.failed() == 1);
  CHECK(reply == "deadline_exceeded");
  auto copy = folder.file("crashed.db");
  for (auto suffix : {"", "-wal"})
    std::filesystem::copy(opts.path + suffix, copy + suffix);
  CHECK(raw_database{copy}.number("SELECT COUNT(*) FROM t") == 0);
  disk.stop();
  CHECK(rows("SELECT COUNT(*) FROM t") == "0");
  close();
}
