// A disk that fails for as long as callers wait: they get errors, and when the
// disk works again the database goes on.
#include "onewriter/compat/messaging.hpp"
#include "tests/database/client_fixture.hpp"
#include "tests/database/database_fixture.hpp"
#include "tests/fault/inject/faulty_disk.hpp"
#include "tests/vfs/refusing_disk.hpp"

#include <thread>

#include <sqlite3.h>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

class lasting_fault_fixture : public database_fixture {
public:
  lasting_fault_fixture() {
    opts.max_attempts = 3;
    opts.alerts.check_interval = 20ms;
    opts.query_deadline = patience;
  }

  /// Opens the file and makes the next and all later operations fail.
  void open_and_break(io what, fault how) {
    opts.vfs = disk.name();
    open();
    db->reply_limit(10s);
    disk.start(folder.path(), fault_point{what, how, duration::for_good, 0});
  }

  /// Mends the disk; the database takes work as if nothing had happened.
  void mend_and_go_on() {
    disk.stop();
    REQUIRE(db->write("INSERT INTO t(a) VALUES(2)"));
    CHECK(rows("SELECT COUNT(*) FROM t WHERE a = 2") == "1");
    close();
  }

  faulty_disk disk;
};

// As a small disk would, beyond 300 KB of log: three times what onewriter's own
// tables take there when the file is new.
bool fills_log(const io_call& x) {
  return x.what == io::write && x.kind == file_kind::log
         && x.offset + x.amount > 300'000;
}

bool writes_database(const io_call& x) {
  return x.what == io::write && x.kind == file_kind::database;
}

} // namespace

TEST_CASE_METHOD(lasting_fault_fixture,
                 "no caller waits for ever for a file that cannot be opened") {
  opts.query_deadline = 500ms;
  open_and_break(io::read, fault::error);
  compat::anon_send(database, inject_failure{failure_kind::connection});
  CHECK(outcome(db->write("INSERT INTO t(a) VALUES(1)")) == "io_error");
  // Readers try again, as long as there is time.
  auto read = outcome(db->query("SELECT a FROM t"));
  CHECK((read == "io_error" || read == "deadline_exceeded"));
  CHECK(outcome(db->checkpoint()) == "io_error");
  mend_and_go_on();
}

TEST_CASE_METHOD(lasting_fault_fixture,
                 "queries keep their deadline while the writer is away") {
  opts.max_attempts = 1'000'000;
  open_and_break(io::read, fault::error);
  compat::anon_send(database, inject_failure{failure_kind::connection});
  while (db->statistics()->state == "open")
    std::this_thread::yield();
  // Of a page that no reader has in its cache.
  query what{"SELECT a FROM t"};
  what.deadline = 50ms;
  auto start = std::chrono::steady_clock::now();
  auto found = db->query(std::move(what));
  CHECK(outcome(found) == "deadline_exceeded");
  CHECK(std::chrono::steady_clock::now() - start < 5s);
  mend_and_go_on();
}

TEST_CASE_METHOD(lasting_fault_fixture,
                 "a disk that never syncs again is an error") {
  auto how = GENERATE(fault::error, fault::error_after, fault::lost);
  open_and_break(io::sync, how);
  auto reply = outcome(db->write("INSERT INTO t(a) VALUES(1)"));
  // A writer that cannot write cannot undo what may have been written.
  CHECK((reply == "outcome_unknown" || reply == "io_error"));
  mend_and_go_on();
  disk.stop();
  open();
  auto count = rows("SELECT COUNT(*) FROM t WHERE a = 1");
  CHECK((count == "0" || (count == "1" && reply == "outcome_unknown")));
  close();
}

TEST_CASE_METHOD(lasting_fault_fixture,
                 "a write that never fits is refused, and other writes go on") {
  refusing_disk small{SQLITE_FULL, fills_log};
  opts.vfs = small.name();
  open();
  db->reply_limit(10s);
  small.is_refusing = true;
  CHECK(outcome(db->write("INSERT INTO t(a) VALUES(zeroblob(1000000))"))
        == "disk_full");
  small.is_refusing = false;
  CHECK(outcome(db->write("INSERT INTO t(a) VALUES(2)")) == "ok");
  CHECK(rows("SELECT COUNT(*) FROM t") == "1");
  CHECK(db->statistics()->writes.failed == 1);
  close();
}

TEST_CASE_METHOD(lasting_fault_fixture,
                 "a write without a caller that never fits is a dead letter") {
  refusing_disk small{SQLITE_FULL, fills_log};
  opts.vfs = small.name();
  open();
  db->reply_limit(10s);
  small.is_refusing = true;
  compat::anon_send(database,
                    write{"INSERT INTO t(a) VALUES(zeroblob(1000000))"});
  CHECK(outcome(db->write("INSERT INTO t(a) VALUES(2)")) == "ok");
  auto has_letter = [&] {
    return db->statistics()->dead_letters == 1;
  };
  CHECK(client_fixture::eventually(has_letter));
  close();
}

TEST_CASE_METHOD(lasting_fault_fixture,
                 "checkpoints that fail do not keep writes from their commit") {
  constexpr auto count = 40;
  refusing_disk disk_without_room{SQLITE_FULL, writes_database};
  opts.vfs = disk_without_room.name();
  opts.checkpoint_pages = 10;
  open();
  db->reply_limit(10s);
  disk_without_room.is_refusing = true;
  for (auto i = 0; i < count; ++i)
    CHECK(outcome(db->write("INSERT INTO t(a) VALUES(1)")) == "ok");
  CHECK(outcome(db->checkpoint()) == "disk_full");
  CHECK(db->statistics()->writer_restarts == 0);
  disk_without_room.is_refusing = false;
  CHECK(rows("SELECT COUNT(*) FROM t") == std::to_string(count));
  CHECK_FALSE(db->checkpoint()->blocked);
  close();
}
