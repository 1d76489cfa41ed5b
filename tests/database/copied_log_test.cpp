// What may come while the log of an open database is being copied.
#include "onewriter/compat/messaging.hpp"
#include "tests/database/database_fixture.hpp"
#include "tests/oracle/raw_database.hpp"
#include "tests/vfs/gated_disk.hpp"

#include <filesystem>
#include <future>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

struct gate_owner {
  gated_disk disk;
};

class copied_log_fixture : public gate_owner, public database_fixture {
public:
  copied_log_fixture() {
    opts.vfs = disk.name();
    opts.checkpoint_pages = 20;
  }

  /// Opens the database and writes until a copy of its log stands still.
  void open_with_held_copy() {
    open();
    disk.hold([](const io_call& x) {
      return x.what == io::write && x.kind == file_kind::database;
    });
    for (auto i = 0; i < 30; ++i)
      insert();
    REQUIRE(disk.wait_for_held());
    // All of that went on beside it.
    insert();
  }

  void insert() {
    REQUIRE(
      db->write("INSERT INTO t(a, b) VALUES(?, zeroblob(2000))", ++rows_));
  }

  /// Rows in the file, as SQLite alone finds them.
  uint64_t found() {
    raw_database file{opts.path};
    REQUIRE(file.text("PRAGMA integrity_check") == "ok");
    return file.number("SELECT count(*) FROM t");
  }

  uint64_t expected() const {
    return static_cast<uint64_t>(rows_);
  }

private:
  int64_t rows_ = 0;
};

} // namespace

TEST_CASE_METHOD(copied_log_fixture,
                 "a database closes while its log is copied") {
  open_with_held_copy();
  auto closing = std::async(std::launch::async, [&] { return db->close(); });
  disk.release();
  auto receipt = closing.get();
  REQUIRE(receipt);
  CHECK(receipt->log_removed);
  CHECK_FALSE(std::filesystem::exists(opts.path + "-wal"));
  CHECK(found() == expected());
}

TEST_CASE_METHOD(copied_log_fixture, "a writer fails while its log is copied") {
  open_with_held_copy();
  for (auto i = 0; i < 3; ++i) {
    compat::anon_send(database, inject_failure{failure_kind::connection});
    disk.release();
    for (auto k = 0; k < 30; ++k)
      insert();
  }
  auto now = db->statistics();
  REQUIRE(now);
  CHECK(now->writer_restarts == 3);
  close();
  CHECK(found() == expected());
}

TEST_CASE_METHOD(copied_log_fixture,
                 "an explicit checkpoint stops the copy of the log") {
  open_with_held_copy();
  auto made = std::async(std::launch::async,
                         [&] { return db->checkpoint(checkpoint{true}); });
  disk.release();
  auto receipt = made.get();
  REQUIRE(receipt);
  CHECK_FALSE(receipt->blocked);
  CHECK(std::filesystem::file_size(opts.path + "-wal") == 0);
  close();
  CHECK(found() == expected());
}

TEST_CASE_METHOD(copied_log_fixture,
                 "a lost log is rescued while it is copied") {
  open_with_held_copy();
  std::filesystem::remove(opts.path + "-wal");
  auto refused = std::async(std::launch::async, [&] {
    return db->write("INSERT INTO t(a) VALUES('never')");
  });
  disk.release();
  CHECK(outcome(refused.get()) == "file_replaced");
  static_cast<void>(db->close());
  caf::anon_send_exit(database, caf::exit_reason::user_shutdown);
  static_cast<void>(wait_for_end(database));
  CHECK(found() == expected());
}

TEST_CASE_METHOD(copied_log_fixture,
                 "a killed writer leaves no thread behind") {
  open_with_held_copy();
  caf::anon_send_exit(database, caf::exit_reason::kill);
  disk.release();
  static_cast<void>(wait_for_end(database));
}
