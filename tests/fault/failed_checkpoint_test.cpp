// A checkpoint whose sync of the database file fails, and takes what earlier
// checkpoints have copied with it.
#include "actors/sqlite/connection.hpp"
#include "onewriter/compat/messaging.hpp"
#include "tests/database/database_fixture.hpp"
#include "tests/vfs/forgetful_disk.hpp"

#include <filesystem>
#include <map>
#include <random>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

struct disk_owner {
  forgetful_disk disk;
};

constexpr int64_t row_count = 300;

/// Rows of most of a page each, so that nearly every row has a page of its own.
class failed_checkpoint_fixture : public disk_owner, public database_fixture {
public:
  failed_checkpoint_fixture() {
    opts.vfs = disk.name();
    // Only where the test says so.
    opts.checkpoint_pages = 1'000'000;
    opts.query_deadline = 1h;
    opts.cursor_idle_limit = 1h;
  }

  void open_with_rows() {
    open();
    write many{"CREATE TABLE big(id INTEGER PRIMARY KEY, version INTEGER, "
               "filling)"};
    many.then("INSERT INTO big WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL "
              "SELECT x + 1 FROM n WHERE x < ?) "
              "SELECT x, 0, zeroblob(3000) FROM n",
              row_count);
    REQUIRE(db->write(std::move(many)));
    REQUIRE(db->checkpoint());
  }

  /// Gives `count` rows from `first` on a new version.
  void update(int64_t first, int64_t count) {
    ++version;
    auto receipt = db->write("UPDATE big SET version = ? WHERE id >= ? AND id "
                             "< ?",
                             version, first, first + count);
    INFO((receipt ? std::string{} : describe(receipt.error())));
    REQUIRE(receipt);
    for (auto id = first; id < first + count && id <= row_count; ++id)
      acknowledged[id] = version;
  }

  /// Opens a cursor, which keeps checkpoints from copying what comes later.
  void pin() {
    REQUIRE(try_to_pin());
  }

  /// The same; returns false if connections are just being closed because a
  /// sync has failed.
  bool try_to_pin() {
    open_cursor what;
    what.what = query{"SELECT a.id FROM big a, big b"};
    what.what.max_rows = 1;
    auto cursor = receive<cursor_actor>(
      compat::request(self, database, patience, std::move(what)));
    if (!cursor)
      return false;
    pins.push_back(*cursor);
    auto page = receive<cursor_page>(
      compat::request(self, *cursor, patience, next_page{}));
    return static_cast<bool>(page);
  }

  void unpin() {
    for (auto& cursor : pins)
      compat::request(self, cursor, patience, close_cursor{})
        .receive([] {}, [](caf::error&) {});
    pins.clear();
  }

  /// Rows that do not have the version that was acknowledged, or damage, once
  /// the power is gone.
  std::string loss_without_power() {
    auto copy = folder.file("copy.db");
    for (auto suffix : {"", "-wal", "-shm", "-owner"})
      std::filesystem::remove(copy + suffix);
    disk.copy_synced(opts.path, copy);
    std::filesystem::copy(opts.path + "-wal", copy + "-wal");
    auto how = sqlite::connection_options{};
    how.path = copy;
    auto opened = sqlite::connection::open(how);
    if (!opened)
      return describe(opened.error());
    auto report = (*opened)->check(false);
    if (!report || !report->ok())
      return report ? report->problems.front() : describe(report.error());
    auto found = (*opened)->run_internal("SELECT id, version FROM big");
    if (!found)
      return describe(found.error());
    auto missing = acknowledged;
    for (auto& line : found->rows)
      if (auto x = missing.find(line.get<int64_t>(0));
          x != missing.end() && x->second == line.get<int64_t>(1))
        missing.erase(x);
    return std::to_string(missing.size()) + " rows lost";
  }

  int64_t version = 0;
  std::map<int64_t, int64_t> acknowledged;
  std::vector<cursor_actor> pins;
};

} // namespace

TEST_CASE_METHOD(failed_checkpoint_fixture,
                 "what a partial checkpoint has copied is copied again") {
  open_with_rows();
  update(1, 200);
  pin();
  update(201, 50);
  auto partial = db->checkpoint();
  REQUIRE(partial);
  REQUIRE(partial->blocked);
  REQUIRE(partial->checkpointed_pages > 0);
  unpin();
  disk.fail_next_sync();
  CHECK(outcome(db->checkpoint()) == "io_error");
  REQUIRE(disk.has_failed());
  // From here on the log is overwritten. Readers that open the file again may
  // be in the way of the first ones.
  REQUIRE(db->write("INSERT INTO t(a) VALUES(1)"));
  auto whole = db->checkpoint();
  while (whole && whole->blocked)
    whole = db->checkpoint();
  REQUIRE(whole);
  for (auto i = 2; i <= 5; ++i)
    REQUIRE(db->write("INSERT INTO t(a) VALUES(?)", i));
  CHECK(loss_without_power() == "0 rows lost");
  CHECK(rows("SELECT count(*) FROM t") == "5");
}

TEST_CASE_METHOD(failed_checkpoint_fixture,
                 "readers go on after a sync that failed") {
  open_with_rows();
  update(1, 200);
  pin();
  auto cursor = pins.front();
  disk.fail_next_sync();
  CHECK(outcome(db->checkpoint(checkpoint{})) == "io_error");
  CHECK(rows("SELECT max(version) FROM big") == "1");
  // Only the next writer answers this.
  update(1, 10);
  CHECK(rows("SELECT max(version) FROM big") == "2");
  // Its snapshot is gone, and it says so.
  auto page = receive<cursor_page>(
    compat::request(self, cursor, patience, next_page{}));
  CHECK(outcome(page) == "cursor_closed");
  CHECK(loss_without_power() == "0 rows lost");
  close();
}

TEST_CASE_METHOD(failed_checkpoint_fixture,
                 "no sync that fails beside the writer loses rows") {
  auto seed = GENERATE(range(1u, 13u));
  INFO("seed " << seed);
  std::mt19937 random{seed};
  opts.checkpoint_pages = 1 + random() % 100;
  open_with_rows();
  for (auto step = 0; step < 60; ++step)
    switch (random() % 8) {
      case 0:
        if (pins.size() < 3)
          static_cast<void>(try_to_pin());
        break;
      case 1:
        unpin();
        break;
      case 2:
        disk.fail_next_sync();
        break;
      default:
        update(1 + random() % row_count, 1 + random() % 60);
    }
  CHECK(db->statistics()->writer_restarts > 0);
  CHECK(loss_without_power() == "0 rows lost");
}

TEST_CASE_METHOD(failed_checkpoint_fixture,
                 "no order of pins, checkpoints and failing syncs loses rows") {
  auto seed = GENERATE(range(1u, 13u));
  INFO("seed " << seed);
  std::mt19937 random{seed};
  open_with_rows();
  auto failures = 0;
  for (auto step = 0; step < 40; ++step)
    switch (random() % 6) {
      case 0:
        pins.size() < 3 ? pin() : unpin();
        break;
      case 1:
        unpin();
        break;
      case 2:
        disk.fail_next_sync();
        [[fallthrough]];
      case 3:
        failures += db->checkpoint(checkpoint{random() % 4 == 0}) ? 0 : 1;
        break;
      default:
        update(1 + random() % row_count, 1 + random() % 60);
    }
  CHECK(failures > 0);
  CHECK(loss_without_power() == "0 rows lost");
}
