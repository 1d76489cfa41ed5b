// Requests that need more memory than there is, and those that bring their
// connection down: each fails alone.
#include "onewriter/compat/messaging.hpp"
#include "tests/database/database_fixture.hpp"
#include "tests/vfs/shim_vfs.hpp"

#include <sqlite3.h>

#include <atomic>
#include <new>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

/// Leaves SQLite little more memory than it has now, in the whole process.
class heap_limit {
public:
  heap_limit() {
    constexpr int64_t room = 8 * 1024 * 1024;
    sqlite3_hard_heap_limit64(sqlite3_memory_used() + room);
  }

  heap_limit(const heap_limit&) = delete;

  heap_limit& operator=(const heap_limit&) = delete;

  ~heap_limit() {
    sqlite3_hard_heap_limit64(0);
  }
};

constexpr auto too_large = "INSERT INTO t(a) VALUES(randomblob(40000000))";

/// A disk with one page of the database that cannot be read.
class disk_with_a_hole : private io_observer {
public:
  const std::string& name() const {
    return vfs_.name();
  }

  std::atomic<int64_t> hole{-1};

private:
  io_verdict before(const io_call& what) override {
    if (what.what == io::read && what.kind == file_kind::database
        && what.offset == hole)
      return {SQLITE_CANTOPEN, false, -1};
    return {};
  }

  shim_vfs vfs_{*this};
};

class shortage_fixture : public database_fixture {
public:
  /// Sends `requests` in one turn of the writer; returns how they ended.
  template <class... Requests>
  std::string run_together(Requests... requests) {
    busy_writer holder{sys, database};
    auto replies = std::vector{
      compat::request(self, database, patience, std::move(requests))...};
    holder.release();
    std::string result;
    for (auto& x : replies)
      result
        += outcome(receive<write_receipt>(std::move(x))) + std::string{" "};
    return result;
  }
};

transaction short_of_memory() {
  transaction result;
  result.function = [](session& db) -> caf::expected<result_set> {
    static_cast<void>(db.run("INSERT INTO t(a) VALUES(99)"));
    throw std::bad_alloc{};
  };
  return result;
}

} // namespace

TEST_CASE_METHOD(shortage_fixture,
                 "a write that SQLite has no memory for fails "
                 "alone") {
  open();
  heap_limit limit;
  CHECK(run_together(write{"INSERT INTO t(a) VALUES(1)"}, write{too_large},
                     write{"INSERT INTO t(a) VALUES(2)"},
                     write{"INSERT INTO t(a) VALUES(3)"}.then(too_large),
                     write{"INSERT INTO t(a) VALUES(4)"})
        == "ok out_of_memory ok out_of_memory ok ");
  CHECK(rows("SELECT a FROM t") == "1 2 4");
  CHECK(db->statistics()->writer_restarts == 0);
}

TEST_CASE_METHOD(shortage_fixture,
                 "a function that has no memory fails alone") {
  open();
  CHECK(run_together(write{"INSERT INTO t(a) VALUES(1)"},
                     write{"INSERT INTO t(a) VALUES(2)"})
        == "ok ok ");
  for (auto i = 0; i < 10; ++i)
    CHECK(outcome(db->transaction(short_of_memory())) == "out_of_memory");
  CHECK(rows("SELECT a FROM t") == "1 2");
  CHECK(db->statistics()->writer_restarts == 0);
}

TEST_CASE_METHOD(shortage_fixture, "large queries do not end readers") {
  opts.restarts.max_restarts = 3;
  open();
  {
    heap_limit limit;
    for (auto i = 0; i < 10; ++i)
      CHECK(outcome(db->query("SELECT length(randomblob(40000000))"))
            == "out_of_memory");
    CHECK(rows("SELECT 1") == "1");
  }
  CHECK(db->statistics()->reader_restarts == 0);
}

TEST_CASE_METHOD(shortage_fixture, "a request that fails its connection each "
                                   "time is given up alone") {
  disk_with_a_hole disk;
  opts.vfs = disk.name();
  opts.restarts.max_restarts = 3;
  open();
  REQUIRE(db->write("CREATE TABLE poison(a)"));
  REQUIRE(db->write("INSERT INTO poison(a) VALUES(1)"));
  REQUIRE(db->checkpoint(checkpoint{true}));
  auto page = db->query("SELECT rootpage FROM sqlite_schema "
                        "WHERE name = 'poison'");
  REQUIRE(page);
  close();
  disk.hole = (page->rows.at(0).get<int64_t>(0) - 1) * 4'096;
  open();
  write good{"INSERT INTO t(a) VALUES(1)"};
  write poisonous{"UPDATE poison SET a = 2"};
  CHECK(run_together(good, poisonous, good, good, poisonous, good, poisonous)
        == "ok cannot_open ok ok cannot_open ok cannot_open ");
  for (auto i = 0; i < 10; ++i)
    CHECK(outcome(db->query("SELECT a FROM poison")) == "cannot_open");
  CHECK(rows("SELECT count(*) FROM t") == "4");
  auto now = db->statistics();
  CHECK(now->state == "open");
  // Each was run twice.
  CHECK(now->writer_restarts == 6);
  close();
}
