// A log that is copied while the writer goes on: what must not happen to it,
// and what does without a pin.
#include "actors/sqlite/log_copier.hpp"

#include "actors/sqlite/file/startup.hpp"
#include "tests/oracle/raw_database.hpp"
#include "tests/sqlite/copied_file.hpp"

#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <utility>

using namespace onewriter;
using namespace onewriter::test;
using sqlite::checkpoint_mode;
using sqlite::role;

namespace {

// The one that checkpoints exclude each other with.
constexpr int64_t checkpoint_lock = 1;

bool is_forgetting(const io_call& x) {
  return x.what == io::forget;
}

// True for the first checkpoint only.
gated_disk::predicate beginning_of_checkpoint() {
  return [is_first = std::make_shared<bool>(true)](const io_call& x) {
    return x.what == io::shm_lock && x.offset == checkpoint_lock
           && std::exchange(*is_first, false);
  };
}

/// Checkpoints by a connection, in the window in which SQLite up to 3.51.2 is
/// wrong about a log that is started again.
class log_race : public copied_file {
public:
  using checkpoint = std::function<void()>;

  /// All of the log has been copied; a checkpoint has read the index's header,
  /// and commits come.
  void run(const checkpoint& copy) {
    fill();
    REQUIRE(db->checkpoint(checkpoint_mode::passive)->blocked == false);
    disk.hold(is_forgetting);
    auto copying = std::async(std::launch::async, copy);
    REQUIRE(disk.wait_for_held());
    commit_meanwhile(copying);
  }

  /// The same, but another program has copied the log after the checkpoint's
  /// caller began.
  void run_with_other_program(const checkpoint& copy) {
    fill();
    disk.hold(beginning_of_checkpoint());
    auto copying = std::async(std::launch::async, copy);
    REQUIRE(disk.wait_for_held());
    raw_database other{path};
    other.run("PRAGMA wal_checkpoint");
    REQUIRE(rest() == 0);
    disk.hold(is_forgetting);
    REQUIRE(disk.wait_for_held());
    commit_meanwhile(copying);
  }

private:
  void commit_meanwhile(std::future<void>& copying) {
    update(1, 20);
    disk.release();
    copying.get();
    update(21, 20);
  }
};

std::optional<checkpoint_receipt>
value_or_nothing(const caf::expected<checkpoint_receipt>& x) {
  return x ? std::optional{*x} : std::nullopt;
}

void check_corruption(log_race& race) {
  auto damage = race.damage();
  INFO(damage);
  auto is_affected = sqlite::has_wal_reset_bug(sqlite::sqlite_version_number());
  CHECK(damage.empty() == !is_affected);
  // What is left must not be checked when it is closed.
  race.db->keep_wal();
}

} // namespace

// -- the race -------------------------------------------------------------------

TEST_CASE_METHOD(log_race, "a checkpoint without a pin meets SQLite's bug") {
  auto alone = open(through_disk(role::copier));
  run([&] { static_cast<void>(alone->checkpoint(checkpoint_mode::passive)); });
  check_corruption(*this);
}

TEST_CASE_METHOD(log_race,
                 "another program's checkpoint opens the window too") {
  auto alone = open(through_disk(role::copier));
  run_with_other_program(
    [&] { static_cast<void>(alone->checkpoint(checkpoint_mode::passive)); });
  check_corruption(*this);
}

TEST_CASE_METHOD(log_race, "a copier that comes too late copies nothing") {
  auto copier = open_copier();
  std::optional<checkpoint_receipt> receipt;
  run([&] { receipt = value_or_nothing(copier->run()); });
  REQUIRE(receipt);
  CHECK(receipt->checkpointed_pages < receipt->log_pages);
  CHECK(damage() == "");
}

TEST_CASE_METHOD(log_race, "a copier keeps the log from starting again") {
  auto copier = open_copier();
  std::optional<checkpoint_receipt> receipt;
  int64_t pages = 0;
  run_with_other_program([&] {
    receipt = value_or_nothing(copier->run());
    pages = log_pages();
  });
  REQUIRE(receipt);
  CHECK(pages > copied_row_count);
  CHECK(damage() == "");
}

// -- copying beside the writer ----------------------------------------------------

TEST_CASE_METHOD(copied_file, "a copier copies all that was committed") {
  auto copier = open_copier();
  fill();
  auto receipt = copier->run();
  REQUIRE(receipt);
  CHECK(receipt->log_pages == receipt->checkpointed_pages);
  CHECK(rest() == 0);
  db->note_copy(false);
  CHECK(db->wal_pages() == 0);
  update(1, 1);
  CHECK(log_pages() < copied_row_count);
  CHECK(damage() == "");
}

TEST_CASE_METHOD(copied_file, "the writer commits while a copier copies") {
  auto copier = open_copier();
  fill();
  auto before = log_pages();
  disk.hold(is_write_to_file);
  auto copying = std::async(std::launch::async, [&] { return copier->run(); });
  REQUIRE(disk.wait_for_held());
  update(1, 50);
  CHECK(log_pages() > before);
  // Only one checkpoint at a time.
  CHECK(db->checkpoint(checkpoint_mode::passive)->log_pages == 0);
  auto second = open_copier();
  CHECK(name_of(second->run().error()) == "busy");
  disk.release();
  auto receipt = copying.get();
  REQUIRE(receipt);
  CHECK(receipt->checkpointed_pages == before);
  CHECK(damage() == "");
  // The rest is the writer's.
  CHECK_FALSE(db->checkpoint(checkpoint_mode::passive)->blocked);
  update(1, 1);
  CHECK(log_pages() < before);
  CHECK(damage() == "");
}

TEST_CASE_METHOD(copied_file, "a copier that is interrupted stops at once") {
  auto copier = open_copier();
  fill();
  disk.hold(is_write_to_file);
  auto copying = std::async(std::launch::async, [&] { return copier->run(); });
  REQUIRE(disk.wait_for_held());
  copier->interrupt();
  auto is_further = std::make_shared<std::atomic<bool>>(false);
  disk.hold([is_further](const io_call& x) {
    return *is_further = *is_further || is_write_to_file(x), false;
  });
  CHECK(name_of(copying.get().error()) == "run_limit_exceeded");
  CHECK_FALSE(*is_further);
  CHECK_FALSE(copier->is_index_suspect());
  CHECK(db->progress()->copied == 0);
  REQUIRE(copier->run());
  CHECK(rest() == 0);
  CHECK(damage() == "");
}

TEST_CASE_METHOD(copied_file, "a copier syncs what it has copied in part") {
  auto copier = open_copier();
  fill();
  auto syncs = std::make_shared<std::atomic<int>>(0);
  disk.hold(is_write_to_file);
  auto copying = std::async(std::launch::async, [&] { return copier->run(); });
  REQUIRE(disk.wait_for_held());
  update(1, 1);
  disk.hold([syncs](const io_call& x) {
    return *syncs += is_sync_of_file(x) ? 1 : 0, false;
  });
  REQUIRE(copying.get());
  CHECK(*syncs == 1);
}

TEST_CASE_METHOD(copied_file, "a copier whose sync fails keeps its pin") {
  auto copier = open_copier();
  fill();
  disk.hold(is_write_to_file);
  auto copying = std::async(std::launch::async, [&] { return copier->run(); });
  REQUIRE(disk.wait_for_held());
  update(1, 1);
  disk.fail_next(is_sync_of_file, SQLITE_IOERR_FSYNC);
  disk.release();
  CHECK(name_of(copying.get().error()) == "io_error");
  REQUIRE(disk.has_failed());
  CHECK(copier->is_index_suspect());
  auto before = log_pages();
  REQUIRE(db->checkpoint(checkpoint_mode::passive));
  update(2, 10);
  CHECK(log_pages() > before);
  copier.reset();
  REQUIRE(db->checkpoint(checkpoint_mode::passive));
  update(12, 1);
  CHECK(log_pages() < before);
}

TEST_CASE_METHOD(copied_file,
                 "a copier opens no other file than the writer's") {
  fill();
  auto files = db->files();
  ++files.file->node;
  auto made = sqlite::log_copier::open(through_disk(role::copier), files);
  REQUIRE_FALSE(made);
  CHECK(name_of(made.error()) == "file_replaced");
}

TEST_CASE_METHOD(copied_file,
                 "a copier neither creates a file nor writes SQL") {
  auto what = options(role::copier);
  what.path = folder.file("none.db");
  CHECK(refusal_of(what) == "cannot_open");
  auto copier = open(role::copier);
  CHECK(answer(*copier, "INSERT INTO big VALUES(1, 1, 1)") == "not_a_query");
  CHECK(ok(copier->close()));
  CHECK(std::filesystem::exists(path + "-wal"));
}
