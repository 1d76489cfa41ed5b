// The blocking client, function by function.
#include "onewriter/client.hpp"
#include "onewriter/compat/errors.hpp"
#include "onewriter/compat/messaging.hpp"

#include "tests/database/client_fixture.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

class ready_fixture : public client_fixture {
public:
  ready_fixture() {
    opts.functions["insert"]
      = [](session& at, const std::vector<value>& arguments) {
          return at.run("INSERT INTO t(a, b) VALUES(?, ?) RETURNING a",
                        arguments.at(0), arguments.at(1));
        };
    // Few enough that a result takes several pages.
    opts.max_result_rows = 100;
    open();
    must("CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)");
  }

  void fill(int64_t count) {
    must("WITH RECURSIVE n(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM n "
         "WHERE x < ?) INSERT INTO t(a, b) SELECT x, 'n' || x FROM n",
         count);
  }
};

/// Counts to a number, one row per unit.
class counting_task : public chunked_task {
public:
  explicit counting_task(int64_t goal) : goal_{goal} {
    // nop
  }

  caf::expected<size_t> prepare(size_t units) override {
    ready_ = std::min<int64_t>(static_cast<int64_t>(units), goal_ - done_);
    return static_cast<size_t>(ready_);
  }

  caf::error apply(session& at) override {
    for (auto i = done_ + 1; i <= done_ + ready_; ++i)
      if (auto result = at.run("INSERT INTO t(a) VALUES(?)", i); !result)
        return result.error();
    return {};
  }

  void committed() override {
    done_ += ready_;
  }

private:
  int64_t goal_;
  int64_t done_ = 0;
  int64_t ready_ = 0;
};

} // namespace

TEST_CASE_METHOD(ready_fixture, "a client writes and reads in one line") {
  auto receipt = db->write("INSERT INTO t(a, b) VALUES(?, ?)", 5, "five");
  REQUIRE(receipt);
  CHECK(receipt->changes == 1);
  CHECK(receipt->last_insert_rowid == 5);
  CHECK(receipt->shared >= 1);
  CHECK_FALSE(receipt->repeated);
  auto found = db->query("SELECT a, b FROM t WHERE a = :a", named(":a", 5));
  REQUIRE(found);
  REQUIRE(found->rows.size() == 1);
  auto [a, b] = found->rows[0].as<int64_t, std::string>();
  CHECK(a == 5);
  CHECK(b == "five");
  CHECK(found->columns.at(0).name == "a");
  CHECK(found->columns.at(0).declared_type == "INTEGER");
  CHECK(found->columns.at(1).declared_type == "TEXT");
  CHECK_FALSE(found->truncated);
  // Several statements, all or nothing.
  write two{"INSERT INTO t(a) VALUES(6) RETURNING a"};
  two.then("SELECT 'no row is changed'").then("DELETE FROM t WHERE a = 5");
  receipt = db->write(two);
  REQUIRE(receipt);
  CHECK(receipt->changes == 2);
  REQUIRE(receipt->returned.size() == 2);
  CHECK(in_one_line(receipt->returned[0]) == "6");
  CHECK(rows("SELECT a FROM t") == "6");
}

TEST_CASE_METHOD(ready_fixture, "a client calls functions and runs its own") {
  auto called = db->call("insert", 1, "one");
  REQUIRE(called);
  CHECK(in_one_line(called->returned.at(0)) == "1");
  auto own = db->transaction([](session& at) {
    return at.run("UPDATE t SET b = b || '!' RETURNING b");
  });
  REQUIRE(own);
  CHECK(in_one_line(own->returned.at(0)) == "'one!'");
  CHECK(own->commit > called->commit);
  transaction limited;
  limited.function = [](session& at) {
    return at.run("DELETE FROM t RETURNING a");
  };
  limited.priority = priority::background;
  limited.deadline = patience;
  auto last = db->transaction(limited);
  REQUIRE(last);
  CHECK(in_one_line(last->returned.at(0)) == "1");
  CHECK(rows("SELECT a FROM t") == "");
}

TEST_CASE_METHOD(ready_fixture, "a client sends what may be lost") {
  db->best_effort("", "INSERT INTO t(a) VALUES(?)", 1);
  db->best_effort({"key", "INSERT INTO t(a) VALUES(2)"});
  REQUIRE(eventually([this] { return stats().best_effort.written == 2; }));
  CHECK(rows("SELECT a FROM t") == "1 2");
}

TEST_CASE_METHOD(ready_fixture, "a query is cut off at its limits and says "
                                "so") {
  fill(150);
  auto found = db->query("SELECT a FROM t ORDER BY a");
  REQUIRE(found);
  CHECK(found->rows.size() == 100);
  CHECK(found->truncated);
  query few{"SELECT a FROM t ORDER BY a"};
  few.max_rows = 3;
  found = db->query(few);
  REQUIRE(found);
  CHECK(in_one_line(*found) == "1 2 3");
  CHECK(found->truncated);
  few.what = statement{"SELECT a FROM t WHERE a <= 3"};
  found = db->query(few);
  REQUIRE(found);
  CHECK_FALSE(found->truncated);
  query small{"SELECT b FROM t"};
  small.max_bytes = 1;
  // Cut off, a first row that does not fit would look like no row at all.
  CHECK(outcome_of(db->query(small)) == "too_big");
}

TEST_CASE_METHOD(ready_fixture, "a result of any size is visited row by row") {
  fill(1'050);
  int64_t next = 1;
  auto in_order = true;
  auto err = db->for_each_row(
    query{"SELECT a, b FROM t ORDER BY a"}, [&](const row& line) {
      auto [a, b] = line.as<int64_t, std::string>();
      in_order = in_order && a == next && b == "n" + std::to_string(a);
      ++next;
      return true;
    });
  CHECK(outcome_of(err) == "ok");
  CHECK(in_order);
  CHECK(next == 1'051);
  // Nothing is as fine as something.
  auto visits = 0;
  auto count = [&](const row&) {
    return ++visits < 250;
  };
  CHECK(db->for_each_row(query{"SELECT a FROM t WHERE a < 0"}, count)
        == caf::none);
  CHECK(visits == 0);
  // Stopped in the middle of the third page.
  CHECK(db->for_each_row(query{"SELECT a FROM t"}, count) == caf::none);
  CHECK(visits == 250);
  CHECK(eventually([this] { return stats().open_cursors == 0; }));
  CHECK(outcome_of(db->for_each_row(query{"SELEC"}, count)) == "invalid_sql");
  CHECK(outcome_of(db->for_each_row(query{"DELETE FROM t"}, count))
        == "not_a_query");
  CHECK(rows("SELECT COUNT(*) FROM t") == "1050");
}

TEST_CASE_METHOD(ready_fixture, "rows that are visited belong to one "
                                "snapshot") {
  fill(500);
  size_t visited = 0;
  auto err = db->for_each_row(
    query{"SELECT a FROM t ORDER BY a"}, [&](const row& line) {
      // Another connection changes what was not read yet.
      if (++visited == 50) {
        client other{sys, db->database()};
        CHECK(other.write("DELETE FROM t WHERE a > 200"));
        CHECK(other.write("INSERT INTO t(a) VALUES(1000)"));
      }
      return line.get<size_t>(0) == visited;
    });
  CHECK(outcome_of(err) == "ok");
  CHECK(visited == 500);
  CHECK(rows("SELECT COUNT(*), MAX(a) FROM t") == "201|1000");
}

TEST_CASE_METHOD(ready_fixture, "a client indexes, searches and removes") {
  auto indexed = db->index({"docs", "a", "", "the quick brown fox", {}});
  REQUIRE(indexed);
  CHECK(indexed->bytes == 19);
  CHECK_FALSE(indexed->unchanged);
  auto again = db->index({"docs", "a", "", "the quick brown fox", {}});
  REQUIRE(again);
  CHECK(again->unchanged);
  auto hits = db->search({"docs", "brown", 20, 0ns});
  REQUIRE(hits);
  REQUIRE(hits->hits.size() == 1);
  CHECK(hits->hits[0].key == "a");
  CHECK(hits->hits[0].snippet.find("[brown]") != std::string::npos);
  CHECK(outcome_of(db->cancel({"docs", "a"})) == "ok");
  CHECK(outcome_of(db->cancel({"nowhere", "nothing"})) == "ok");
  CHECK(outcome_of(db->remove({"docs", "a"})) == "ok");
  hits = db->search({"docs", "brown", 20, 0ns});
  REQUIRE(hits);
  CHECK(hits->hits.empty());
  CHECK(outcome_of(db->remove({"nowhere", "a"})) == "no_such_index");
}

TEST_CASE_METHOD(ready_fixture, "a client runs a job of its own in chunks") {
  auto receipt = db->run({std::make_shared<counting_task>(500)});
  REQUIRE(receipt);
  CHECK(receipt->units == 500);
  CHECK(receipt->chunks >= 1);
  CHECK(rows("SELECT COUNT(*), SUM(a) FROM t") == "500|125250");
  CHECK(outcome_of(db->run(chunked_job{})) == "invalid_argument");
  // Half of the rows of the second are there already: it ends with an error.
  CHECK(outcome_of(db->run({std::make_shared<counting_task>(1'000)}))
        == "constraint_violated");
  CHECK(rows("SELECT COUNT(*), SUM(a) FROM t") == "500|125250");
}

TEST_CASE_METHOD(ready_fixture, "a client looks after dead letters") {
  send_and_forget(write{"INSERT INTO missing(a) VALUES(1)"});
  send_and_forget(write{"INSERT INTO missing(a) VALUES(2)"});
  REQUIRE(eventually([this] { return stats().dead_letters == 2; }));
  auto found = db->dead_letters();
  REQUIRE(found);
  REQUIRE(found->letters.size() == 2);
  must("CREATE TABLE missing(a)");
  CHECK(outcome_of(db->replay(found->letters[0].id)) == "ok");
  CHECK(outcome_of(db->discard(found->letters[1].id)) == "ok");
  found = db->dead_letters({0, 1});
  REQUIRE(found);
  CHECK(found->letters.empty());
  CHECK(rows("SELECT a FROM missing") == "1");
}

TEST_CASE_METHOD(ready_fixture, "statistics add up when all is done") {
  for (auto i = 1; i <= 10; ++i)
    must("INSERT INTO t(a) VALUES(?)", i);
  CHECK(outcome_of(db->write("INSERT INTO t(a) VALUES(1)"))
        == "constraint_violated");
  CHECK(outcome_of(db->write(write{})) == "empty_statement");
  CHECK(rows("SELECT COUNT(*) FROM t") == "10");
  auto now = stats();
  // The table was a write, too.
  CHECK(now.writes.submitted == 13);
  CHECK(now.writes.acknowledged == 11);
  CHECK(now.writes.failed == 1);
  CHECK(now.writes.refused == 1);
  CHECK(now.writes.pending == 0);
  CHECK(now.writes.pending_bytes == 0);
  CHECK(now.write_latency.count == 11);
  CHECK(now.queries == 1);
  CHECK(now.state == "open");
  CHECK(now.writer_restarts == 0);
  CHECK(now.wal_bytes > 0);
}

TEST_CASE_METHOD(ready_fixture, "a client maintains the file") {
  fill(50);
  auto info = db->describe();
  REQUIRE(info);
  CHECK(info->path == opts.path);
  CHECK(info->synchronous == "full");
  CHECK(info->readers == opts.readers);
  CHECK(info->page_size > 0);
  CHECK_FALSE(info->sqlite_version.empty());
  auto checked = db->check_integrity();
  REQUIRE(checked);
  CHECK(checked->ok());
  auto copied = db->checkpoint();
  // Readers that open the file may be in the way of the first ones.
  while (copied && copied->blocked)
    copied = db->checkpoint();
  REQUIRE(copied);
  CHECK(copied->log_pages == copied->checkpointed_pages);
  copied = db->checkpoint({true});
  REQUIRE(copied);
  CHECK(fs::file_size(opts.path + "-wal") == 0);
  auto target = folder.file("copy.db");
  auto saved = db->backup({target, false, {}});
  REQUIRE(saved);
  CHECK(saved->bytes == fs::file_size(target));
  CHECK(outcome_of(db->backup({target, false, {}})) == "target_exists");
  opts.path = target;
  auto copy = scoped_database::open(sys, opts);
  REQUIRE(copy);
  auto found = (*copy)->query("SELECT COUNT(*), SUM(a) FROM t");
  REQUIRE(found);
  CHECK(in_one_line(*found) == "50|1275");
}

TEST_CASE_METHOD(ready_fixture, "a client waits no longer than its limit") {
  auto holder = hold();
  client hasty{sys, db->database()};
  hasty.reply_limit(20ms);
  auto reply = hasty.write("INSERT INTO t(a) VALUES(1)");
  REQUIRE_FALSE(reply);
  // An error of ours, with a message, not one of CAF's.
  CHECK(compat::code_of<ec>(reply.error()) == ec::deadline_exceeded);
  CHECK_FALSE(failure_of(reply.error()).message.empty());
  // The write is carried out all the same, and its reply is no answer to the
  // next request.
  CHECK(holder.release() == "ok");
  hasty.reply_limit(patience);
  auto next = hasty.write("INSERT INTO t(a) VALUES(2)");
  REQUIRE(next);
  CHECK(next->last_insert_rowid == 2);
  CHECK(rows("SELECT a FROM t") == "1 2");
}

TEST_CASE_METHOD(ready_fixture, "a client of a database that is gone gets an "
                                "error of ours") {
  auto database = db->database();
  caf::anon_send_exit(database, caf::exit_reason::user_shutdown);
  static_cast<void>(wait_for_end(database));
  auto reply = db->write("INSERT INTO t(a) VALUES(1)");
  REQUIRE_FALSE(reply);
  CHECK(compat::code_of<ec>(reply.error()) == ec::unavailable);
  CHECK(outcome_of(db->query("SELECT 1")) == "unavailable");
  CHECK(outcome_of(db->statistics()) == "unavailable");
}

TEST_CASE_METHOD(ready_fixture, "each thread has a client of its own") {
  std::vector<std::thread> threads;
  std::vector<std::string> orders(8);
  for (size_t i = 0; i < orders.size(); ++i)
    threads.emplace_back([this, i, &order = orders[i]] {
      client mine{sys, db->database()};
      for (auto n = 0; n < 25; ++n) {
        auto receipt = mine.write("INSERT INTO t(b) VALUES(?)",
                                  std::to_string(i) + ":" + std::to_string(n));
        // What was acknowledged is seen by the query that comes after it.
        auto found = mine.query("SELECT b FROM t WHERE a = ?",
                                receipt ? receipt->last_insert_rowid : 0);
        order += found ? to_string(*found) : outcome_of(found);
      }
    });
  for (auto& thread : threads)
    thread.join();
  for (size_t i = 0; i < orders.size(); ++i) {
    std::string expected;
    for (auto n = 0; n < 25; ++n)
      expected += "'" + std::to_string(i) + ":" + std::to_string(n) + "'\n";
    CHECK(orders[i] == expected);
  }
  CHECK(rows("SELECT COUNT(DISTINCT b) FROM t") == "200");
}

// -- scoped_database --------------------------------------------------------------------

TEST_CASE_METHOD(client_fixture, "a scoped database closes in order") {
  {
    auto scope = scoped_database::open(sys, opts);
    REQUIRE(scope);
    REQUIRE((*scope)->write("CREATE TABLE t(a)"));
    CHECK((**scope).database() == scope->handle());
    auto moved = std::move(*scope);
    REQUIRE(moved->write("INSERT INTO t(a) VALUES(1)"));
    // These have no caller; closing carries them out.
    for (auto i = 2; i <= 20; ++i)
      compat::anon_send(moved.handle(), write{"INSERT INTO t(a) VALUES(?)", i});
  }
  CHECK_FALSE(fs::exists(opts.path + "-wal"));
  CHECK_FALSE(fs::exists(opts.path + "-owner"));
  open();
  CHECK(rows("SELECT COUNT(*), SUM(a) FROM t") == "20|210");
}

TEST_CASE_METHOD(client_fixture, "a scoped database says why it cannot be "
                                 "opened") {
  auto path = std::exchange(opts.path, folder.file("missing/test.db"));
  auto scope = scoped_database::open(sys, opts);
  CHECK(outcome_of(scope) == "cannot_open");
  opts.path = path;
  CHECK(scoped_database::open(sys, opts));
}

TEST_CASE_METHOD(client_fixture, "a relative path is that of the folder in "
                                 "which the database was opened") {
  struct way_back {
    std::filesystem::path start = std::filesystem::current_path();
    ~way_back() {
      std::filesystem::current_path(start);
    }
  } back;
  auto other = folder.file("other");
  std::filesystem::create_directory(other);
  std::filesystem::current_path(std::filesystem::path{opts.path}.parent_path());
  opts.path = std::filesystem::path{opts.path}.filename();
  open();
  must("CREATE TABLE t(a)");
  std::filesystem::current_path(other);
  must("INSERT INTO t VALUES(1)");
  uint64_t found = 0;
  auto err = db->for_each_row(query{"SELECT a FROM t"},
                              [&](const row&) { return ++found > 0; });
  CHECK(err == caf::none);
  CHECK(found == 1);
  CHECK(close().log_removed);
  CHECK(std::filesystem::is_empty(other));
}
