// What happens when the writer fails while callers wait. No caller may notice.
#include "actors/database/admission/write_stash.hpp"
#include "actors/writer/owned_file.hpp"
#include "actors/writer/write_batch.hpp"
#include "onewriter/compat/errors.hpp"
#include "onewriter/compat/messaging.hpp"
#include "tests/database/database_fixture.hpp"
#include "tests/vfs/unsynced_disk.hpp"

#include <filesystem>

using namespace onewriter;
using namespace std::chrono_literals;
using test::busy_writer;
using test::database_fixture;
using test::sync_fault;
using test::unsynced_disk;

namespace {

/// Asks for writes of 1 to `count` without waiting for replies.
auto send_rows(caf::scoped_actor& self, const database_actor& database,
               int count) {
  using handle
    = decltype(compat::request(self, database, test::patience, write{}));
  std::vector<handle> result;
  for (auto i = 1; i <= count; ++i)
    result.push_back(
      compat::request(self, database, test::patience,
                      write{"INSERT INTO t(a, b) VALUES(?, 'row')", i}));
  return result;
}

/// Makes the writer throw again and again, which counts, unlike failures that
/// come from outside. Returns the error that a write gets in the end.
caf::error fail_until_refused(database_fixture& x) {
  for (auto i = 0; i < 100; ++i) {
    compat::anon_send(x.database, inject_failure{failure_kind::exception});
    if (auto receipt = x.db->write("INSERT INTO t(a) VALUES(2)"); !receipt)
      return receipt.error();
  }
  return {};
}

} // namespace

TEST_CASE_METHOD(database_fixture, "callers do not notice a failing writer") {
  auto kind = GENERATE(failure_kind::connection, failure_kind::exception);
  open();
  busy_writer busy{sys, database};
  auto replies = send_rows(self, database, 20);
  compat::anon_send(database, inject_failure{kind});
  auto later = compat::request(self, database, test::patience,
                               write{"INSERT INTO t(a) VALUES(21)"});
  busy.release();
  uint64_t last_commit = 0;
  for (auto& reply : replies) {
    auto receipt = receive<write_receipt>(std::move(reply));
    REQUIRE(receipt);
    CHECK(receipt->commit >= last_commit);
    last_commit = receipt->commit;
  }
  REQUIRE(receive<write_receipt>(std::move(later)));
  // In the order in which they were sent, each once.
  CHECK(rows("SELECT a FROM t ORDER BY rowid")
        == "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21");
  CHECK(db->statistics()->writer_restarts == 1);
}

TEST_CASE_METHOD(database_fixture, "hundreds of failures lose nothing") {
  open();
  std::string expected;
  for (auto i = 1; i <= 300; ++i) {
    compat::anon_send(database, inject_failure{failure_kind::connection});
    auto receipt = db->write("INSERT INTO t(a) VALUES(?)", i);
    INFO((receipt ? "" : describe(receipt.error())));
    REQUIRE(receipt);
    expected += (i == 1 ? "" : " ") + std::to_string(i);
  }
  CHECK(rows("SELECT a FROM t ORDER BY rowid") == expected);
  CHECK(db->statistics()->writer_restarts > 100);
}

TEST_CASE_METHOD(database_fixture, "what never ends well is given up") {
  opts.restarts.max_restarts = 3;
  open();
  REQUIRE(db->write("INSERT INTO t(a) VALUES(1)"));
  auto last = fail_until_refused(*this);
  CHECK(last == ec::restart_limit);
  CHECK(failure_of(last).message.find("injected") != std::string::npos);
  auto query = db->query("SELECT 1");
  REQUIRE_FALSE(query);
  CHECK(query.error() == ec::restart_limit);
  CHECK(db->statistics()->state == "failed");
  CHECK(outcome(db->close()) == "restart_limit");
}

TEST_CASE_METHOD(database_fixture,
                 "callers get the reason while the writer gives up") {
  opts.restarts.max_restarts = 0;
  open();
  using handle
    = decltype(compat::request(self, database, test::patience, query{}));
  std::vector<handle> queries;
  auto ask = [&] {
    for (auto i = 0; i < 100; ++i)
      queries.push_back(
        compat::request(self, database, test::patience, query{"SELECT 1"}));
  };
  ask();
  compat::anon_send(database, inject_failure{failure_kind::exception});
  // The next ones meet readers that run, readers that end and none.
  for (auto i = 0; i < 20; ++i)
    ask();
  for (auto& reply : queries) {
    auto rows = receive<result_set>(std::move(reply));
    INFO((rows ? "" : compat::render(sys, rows.error())));
    CHECK((rows || rows.error() == ec::restart_limit));
  }
  CHECK(outcome(db->close()) == "restart_limit");
}

TEST_CASE_METHOD(database_fixture, "a file can be opened again at once after "
                                   "its database gave up") {
  opts.restarts.max_restarts = 0;
  open();
  CHECK(fail_until_refused(*this) == ec::restart_limit);
  auto second = open_database(sys, opts);
  REQUIRE(second);
  CHECK(ask<close_receipt>(*second, onewriter::close{}));
}

TEST_CASE_METHOD(database_fixture, "a database that gives up can terminate") {
  opts.restarts.max_restarts = 1;
  opts.terminate_on_failure = true;
  open();
  CHECK(fail_until_refused(*this) == ec::restart_limit);
  CHECK(wait_for_end(database) == ec::restart_limit);
}

TEST_CASE_METHOD(database_fixture, "a commit that fails is not applied twice") {
  unsynced_disk disk;
  opts.vfs = disk.name();
  auto fault = GENERATE(sync_fault::reported, sync_fault::real);
  open();
  auto failed_before = disk.failed_syncs();
  for (auto i = 1; i <= 10; ++i) {
    disk.fail_next_sync(fault);
    auto receipt = db->write("INSERT INTO t(a) VALUES(?)", i);
    INFO((receipt ? "" : describe(receipt.error())));
    REQUIRE(receipt);
  }
  CHECK(rows("SELECT a FROM t ORDER BY rowid") == "1 2 3 4 5 6 7 8 9 10");
  CHECK(disk.failed_syncs() == failed_before + 10);
  CHECK(db->statistics()->writer_restarts == 10);
  CHECK(db->check_integrity()->ok());
  close();
}

TEST_CASE_METHOD(database_fixture, "a disk that keeps failing is an error") {
  unsynced_disk disk;
  opts.vfs = disk.name();
  opts.max_attempts = 1;
  open();
  disk.fail_next_sync(sync_fault::real);
  auto receipt = db->write("INSERT INTO t(a) VALUES(1)");
  // One attempt is over, but whether it took effect had to be found out first.
  if (!receipt)
    CHECK(receipt.error() == ec::io_error);
  REQUIRE(db->write("INSERT INTO t(a) VALUES(2)"));
  auto there = rows("SELECT COUNT(*) FROM t WHERE a = 1");
  CHECK(there == (receipt ? "1" : "0"));
  close();
}

// SQLite says that the commit was rolled back, but the log holds all of it:
// a recovery of the log after a crash finds it. The crash is a copy of the
// files as they are then.
TEST_CASE_METHOD(test::fixture, "the file shows the outcome of a commit") {
  unsynced_disk disk;
  options opts;
  opts.path = folder.file("test.db");
  opts.vfs = disk.name();
  writer_handover estate;
  auto file = open_owned_file(opts, estate, false, {});
  REQUIRE(file);
  request_runner runner{*file->connection, opts};
  auto what = std::make_shared<pending_write>();
  what->request = write{"CREATE TABLE proof(a)"};
  caf::error failed;
  {
    write_batch batch{*file->connection, runner, 10s, file->stored};
    REQUIRE(batch.begin() == caf::none);
    REQUIRE(batch.add(pending_write_ptr{what}) == caf::none);
    disk.fail_next_sync(sync_fault::reported);
    failed = batch.commit();
    CHECK(failed == ec::io_error);
    CHECK(batch.take_unfinished().size() == 1);
    CHECK(what->uncertain_commit.number == file->stored.number + 1);
  }
  auto crashed = opts;
  crashed.path = folder.file("crashed.db");
  for (auto suffix : {"", "-wal"})
    std::filesystem::copy(opts.path + suffix, crashed.path + suffix);
  writer_handover other_estate;
  auto recovered = open_owned_file(crashed, other_estate, false, failed);
  REQUIRE(recovered);
  CHECK(recovered->stored == what->uncertain_commit);
  CHECK(recovered->synced);
  // Without a crash it is gone for good.
  file->connection.reset();
  auto reopened = open_owned_file(opts, estate, false, failed);
  REQUIRE(reopened);
  CHECK(reopened->stored.number == what->uncertain_commit.number - 1);
}

namespace {

/// A stash with one request in doubt.
class doubtful_stash {
public:
  doubtful_stash() {
    what->uncertain_commit = {7, 77};
    what->receipt.commit = 7;
    what->counted = true;
    stash.push(what);
  }

  std::string settle(sqlite::commit_token stored, bool synced) {
    writer_ready found;
    found.stored = stored;
    found.synced = synced;
    stash.settle(found);
    auto& counts = stash.counts();
    if (stash.size() == 1)
      return what->uncertain_commit.number == 0 ? "runs again"
                                                : "still in doubt";
    return counts.acknowledged == 1 ? "acknowledged"
           : counts.unknown == 1    ? "unknown"
                                    : "failed";
  }

  pending_write_ptr what = std::make_shared<pending_write>();
  write_stash stash;
};

} // namespace

TEST_CASE("the last mark in the file settles doubts") {
  auto settled = [](sqlite::commit_token stored, bool synced) {
    return doubtful_stash{}.settle(stored, synced);
  };
  CHECK(settled({7, 77}, true) == "acknowledged");
  CHECK(settled({7, 77}, false) == "unknown");
  CHECK(settled({6, 66}, true) == "runs again");
  CHECK(settled({6, 66}, false) == "runs again");
  // Another connection has written since.
  CHECK(settled({7, 70}, true) == "unknown");
  CHECK(settled({8, 88}, true) == "unknown");
}

TEST_CASE("what is in doubt for good is unknown") {
  doubtful_stash x;
  CHECK(x.stash.refuse(make_failure(ec::restart_limit, "gave up")) == 1);
  CHECK(x.stash.counts().unknown == 1);
}
