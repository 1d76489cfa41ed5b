// Positions in batches, and what the writer keeps of sessions in memory.
#include "actors/writer/session_ledger.hpp"

#include "actors/store/idempotency_store.hpp"
#include "actors/writer/write_batch.hpp"
#include "tests/database/positioned_write.hpp"
#include "tests/sqlite/database_file.hpp"

#include <map>
#include <optional>
#include <random>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

/// A batch on a file, and what tests want to know about both.
class batch_fixture : public writer_file {
public:
  batch_fixture() {
    opts.path = path;
    opts.functions["add"] = [](onewriter::session& at,
                               const std::vector<value>& arguments) {
      return at.run("INSERT INTO t(a) VALUES(?) RETURNING a", arguments.at(0));
    };
    REQUIRE(ok(sqlite::prepare_schema(*db)));
    must("CREATE TABLE t(a, u UNIQUE)");
    must("CREATE TABLE parent(a INTEGER PRIMARY KEY)");
    must("CREATE TABLE child(a INTEGER REFERENCES parent(a) "
         "DEFERRABLE INITIALLY DEFERRED)");
    start();
  }

  void must(const std::string& sql) {
    REQUIRE(answer(*db, sql) == "");
  }

  /// As the next writer does: with nothing in memory.
  void start() {
    batch.reset();
    runner.emplace(*db, opts);
    batch.emplace(*db, *runner, 10s, *sqlite::load_commit_token(*db));
  }

  /// Adds a request to the batch, and begins one if there is none.
  void add(work_request what, session_position at) {
    if (!batch->in_transaction())
      REQUIRE(ok(batch->begin()));
    REQUIRE(ok(batch->add(positioned(std::move(what), std::move(at)))));
  }

  static write insert(uint64_t x) {
    return write{"INSERT INTO t(a) VALUES(?)", static_cast<int64_t>(x)};
  }

  /// Adds the write that inserts `number`.
  void add(uint64_t number, uint64_t settled = 0) {
    add(insert(number), {session, number, settled});
  }

  /// Commits, and returns what was decided, by number: "5 6:repeated
  /// 7:invalid_argument", in the order of decisions.
  std::string outcomes() {
    REQUIRE(ok(batch->commit()));
    batch->take_outcomes(decided);
    std::string result;
    for (auto& x : decided) {
      result += (result.empty() ? "" : " ")
                + std::to_string(x.what->position.number);
      if (x.error != caf::none)
        result += ":" + name_of(x.error);
      else if (x.receipt.repeated)
        result += ":repeated";
    }
    return result;
  }

  /// The rows in one line.
  std::string rows(const std::string& sql) {
    auto result = answer(*db, sql);
    for (auto& x : result)
      x = x == '\n' ? ' ' : x;
    return result;
  }

  session_record stored() {
    auto result = load_session(*db, *session);
    REQUIRE(result);
    return result->record;
  }

  onewriter::options opts;
  session_ptr session = make_session("session");
  std::optional<request_runner> runner;
  std::optional<write_batch> batch;
  std::vector<outcome> decided;
};

/// The ledger alone, on a file.
class ledger_fixture : public writer_file {
public:
  ledger_fixture() {
    REQUIRE(ok(sqlite::prepare_schema(*db)));
  }

  /// Runs requests of `session` in one transaction: those that are new.
  /// Returns how many were.
  size_t run(session_ledger& ledger, const session_ptr& session, uint64_t first,
             uint64_t last, uint64_t settled = 0) {
    size_t result = 0;
    REQUIRE(ok(db->begin_immediate()));
    for (auto number = first; number <= last; ++number) {
      session_position at{session, number, settled};
      auto found = ledger.find(at);
      REQUIRE(found);
      if (*found)
        continue;
      write_receipt receipt;
      receipt.commit = number + 1;
      REQUIRE(ok(ledger.propose(at, receipt)));
      ledger.confirm();
      ++result;
    }
    REQUIRE(ok(ledger.save()));
    REQUIRE(ok(db->commit()));
    ledger.committed();
    return result;
  }
};

} // namespace

// -- repeated numbers -----------------------------------------------------------

TEST_CASE_METHOD(batch_fixture, "a number of a session runs once") {
  add(7);
  add(5);
  add(7);
  CHECK(outcomes() == "7 5 7:repeated");
  CHECK(decided[2].receipt.commit == decided[0].receipt.commit);
  CHECK(decided[2].receipt.changes == 1);
  CHECK(decided[2].receipt.last_insert_rowid == 1);
  CHECK(decided[2].receipt.shared == 0);
  auto first = decided[0].receipt.commit;
  add(6);
  add(5);
  add(7);
  CHECK(outcomes() == "6 5:repeated 7:repeated");
  CHECK(decided[2].receipt.commit == first);
  start();
  add(7);
  add(6);
  add(8);
  CHECK(outcomes() == "7:repeated 6:repeated 8");
  CHECK(decided[0].receipt.commit == first);
  CHECK(rows("SELECT a FROM t") == "7 5 6 8 ");
}

TEST_CASE_METHOD(batch_fixture, "sessions do not know of each other") {
  auto other = make_session("other");
  add(insert(1), {session, 1, 0});
  add(insert(2), {other, 1, 0});
  add(insert(3), {other, 2, 2});
  CHECK(outcomes() == "1 1 2");
  add(insert(4), {session, 1, 0});
  add(insert(5), {other, 1, 0});
  CHECK(outcomes() == "1:invalid_argument 1:repeated");
  CHECK(rows("SELECT a FROM t") == "1 2 3 ");
}

TEST_CASE_METHOD(batch_fixture, "one row of a session has all of a commit") {
  for (uint64_t i = 1; i <= 100; ++i)
    add(i);
  outcomes();
  auto before = db->total_changes();
  for (uint64_t i = 101; i <= 200; ++i)
    add(i, 51);
  outcomes();
  // The rows, the session and the commit token.
  CHECK(db->total_changes() == before + 102);
  CHECK(stored().settled == 51);
  CHECK(stored().receipts.size() == 150);
  CHECK(rows("SELECT count(*) FROM onewriter_session") == "1 ");
  CHECK(rows("SELECT count(*) FROM onewriter_idempotency") == "0 ");
}

TEST_CASE_METHOD(batch_fixture, "an own key is used and the position is not") {
  auto keyed = insert(1);
  keyed.idempotency_key = "key";
  add(keyed, {session, 1, 1});
  add(keyed, {session, 2, 2});
  add(insert(3), {session, 1, 1});
  CHECK(outcomes() == "1 2:repeated 1");
  CHECK(rows("SELECT a FROM t") == "1 3 ");
  CHECK(stored().settled == 1);
  CHECK(stored().receipts.size() == 1);
}

TEST_CASE_METHOD(batch_fixture, "all kinds of requests have positions") {
  transaction function;
  function.function = [](onewriter::session& at) {
    return at.run("INSERT INTO t(a) VALUES(3) RETURNING a");
  };
  write two{"INSERT INTO t(a) VALUES(1)"};
  two.then("INSERT INTO t(a) VALUES(2) RETURNING a, 'x'");
  for (auto expected : {"1 2 3", "1:repeated 2:repeated 3:repeated"}) {
    add(two, {session, 1, 0});
    add(function, {session, 2, 0});
    add(call{"add", 4}, {session, 3, 0});
    CHECK(outcomes() == expected);
    CHECK(decided[0].receipt.changes == 2);
    CHECK(to_string(decided[0].receipt.returned.at(0)) == "2|'x'\n");
    CHECK(to_string(decided[1].receipt.returned.at(0)) == "3\n");
    CHECK(to_string(decided[2].receipt.returned.at(0)) == "4\n");
    CHECK(decided[2].receipt.returned.at(0).columns.at(0).name == "a");
  }
  CHECK(rows("SELECT a FROM t") == "1 2 3 4 ");
}

TEST_CASE_METHOD(batch_fixture, "a trigger fires once for a number") {
  must("CREATE TABLE log(a)");
  must("CREATE TRIGGER note AFTER INSERT ON t BEGIN INSERT INTO log "
       "VALUES(NEW.a); END");
  add(1);
  outcomes();
  add(1);
  outcomes();
  start();
  add(1);
  outcomes();
  CHECK(rows("SELECT a FROM log") == "1 ");
}

// -- the mark -------------------------------------------------------------------

TEST_CASE_METHOD(batch_fixture, "settled numbers are forgotten and refused") {
  for (uint64_t i = 0; i < 10; ++i)
    add(i);
  outcomes();
  add(10, 5);
  // The mark holds within the transaction, and is never lowered.
  add(4);
  add(5);
  add(11, 3);
  add(4);
  CHECK(outcomes() == "4:invalid_argument 4:invalid_argument 10 5:repeated 11");
  CHECK(stored().settled == 5);
  CHECK(stored().receipts.size() == 7);
  add(4);
  CHECK(outcomes() == "4:invalid_argument");
  start();
  add(4);
  add(12, 13);
  CHECK(outcomes() == "4:invalid_argument 12:invalid_argument");
  add(insert(0), {session, most_session_number + 1, 0});
  CHECK(decided.size() == 2);
  CHECK(outcomes() == "9223372036854775808:invalid_argument");
  CHECK(rows("SELECT a FROM t") == "0 1 2 3 4 5 6 7 8 9 10 11 ");
}

TEST_CASE_METHOD(batch_fixture, "a request that fails moves no mark") {
  add(1);
  outcomes();
  add(write{"INSERT INTO nowhere VALUES(1)"}, {session, 2, 2});
  add(1);
  CHECK(outcomes() == "2:invalid_sql 1:repeated");
  // Nor does one that ran before.
  add(1, 1);
  outcomes();
  add(insert(0), {session, 0, 0});
  CHECK(outcomes() == "0");
}

// -- what is undone -------------------------------------------------------------

TEST_CASE_METHOD(batch_fixture, "a request that fails leaves its number free") {
  must("INSERT INTO t(u) VALUES(1)");
  add(write{"INSERT INTO t(u) VALUES(1)"}, {session, 1, 0});
  write two{"INSERT INTO t(a) VALUES(8)"};
  two.then("INSERT INTO t(u) VALUES(1)");
  add(two, {session, 2, 0});
  add(3);
  add(write{"INSERT OR FAIL INTO t(u) VALUES(3), (1)"}, {session, 4, 0});
  add(write{"INSERT INTO child VALUES(5)"}, {session, 5, 0});
  CHECK(outcomes()
        == "1:constraint_violated 2:constraint_violated 4:constraint_violated "
           "3 5:constraint_violated");
  CHECK(stored().receipts.size() == 1);
  for (auto number : {5, 4, 3, 2, 1})
    add(static_cast<uint64_t>(number));
  CHECK(outcomes() == "5 4 3:repeated 2 1");
  CHECK(rows("SELECT a FROM t WHERE u IS NULL") == "3 5 4 2 1 ");
}

TEST_CASE_METHOD(batch_fixture, "numbers of a batch that is rolled back run "
                                "again, once") {
  must("INSERT INTO t(u) VALUES(1)");
  add(1);
  add(2, 1);
  add(2);
  SECTION("by a request") {
    add(write{"INSERT OR ROLLBACK INTO t(u) VALUES(1)"}, {session, 3, 2});
    add(2);
    // The mark of the guilty one does not count.
    add(1, 1);
    CHECK(outcomes()
          == "3:constraint_violated 1 2 2:repeated 2:repeated 1:repeated");
    CHECK(batch->repeated() == 1);
    CHECK(batch->commits() == 2);
    CHECK(decided[3].receipt.commit == decided[2].receipt.commit);
    CHECK(decided[2].receipt.commit + 1 == batch->last().number);
  }
  SECTION("and given up") {
    CHECK(batch->take_unfinished().size() == 3);
    batch->abandon();
    add(2);
    add(1);
    CHECK(outcomes() == "2 1");
  }
  CHECK(rows("SELECT a FROM t WHERE u IS NULL ORDER BY a") == "1 2 ");
  CHECK(stored().receipts.size() == 2);
  start();
  add(1, 1);
  add(2);
  CHECK(outcomes() == "1:repeated 2:repeated");
}

// A repeated one does not keep the receipt of a first that fails in the end.
TEST_CASE_METHOD(batch_fixture, "a number runs when its first request fails in "
                                "the repeated batch") {
  must("INSERT INTO t(u) VALUES(1)");
  auto runs = 0;
  transaction once;
  once.function = [&](onewriter::session& at) -> caf::expected<result_set> {
    if (++runs > 1)
      return make_failure(ec::function_failed, "not again");
    return at.run("INSERT INTO t(a) VALUES('once')");
  };
  add(once, {session, 1, 0});
  add(insert(1), {session, 1, 0});
  add(write{"INSERT OR ROLLBACK INTO t(u) VALUES(1)"}, {session, 2, 0});
  CHECK(outcomes() == "2:constraint_violated 1:function_failed 1");
  CHECK(rows("SELECT a FROM t WHERE u IS NULL") == "1 ");
}

TEST_CASE_METHOD(batch_fixture, "a function in its own transaction has its "
                                "number, too") {
  opts.cache_bytes = 16'384;
  db.reset();
  auto opened = sqlite::connection::open(
    sqlite::connection_options::from(opts, sqlite::role::writer));
  REQUIRE(opened);
  db = std::move(*opened);
  start();
  transaction deaf;
  deaf.function = [](onewriter::session& at) -> caf::expected<result_set> {
    auto filled = at.run("INSERT INTO t(a) WITH RECURSIVE n(x) AS (SELECT 1 "
                         "UNION ALL SELECT x + 1 FROM n WHERE x < 25) "
                         "SELECT zeroblob(4000) FROM n");
    if (!filled)
      return filled;
    CHECK_FALSE(at.run("INSERT INTO nowhere VALUES(1)"));
    return at.run("INSERT INTO t(a) VALUES('end')");
  };
  add(1);
  add(deaf, {session, 2, 0});
  add(3);
  add(deaf, {session, 2, 0});
  CHECK(outcomes() == "1 2 3 2:repeated");
  CHECK(batch->repeated() > 0);
  start();
  add(2);
  add(1);
  CHECK(outcomes() == "2:repeated 1:repeated");
  CHECK(rows("SELECT count(*) FROM t WHERE a = 'end'") == "1 ");
}

// -- large receipts -------------------------------------------------------------

TEST_CASE_METHOD(batch_fixture, "a large receipt is stored apart, with its "
                                "request") {
  auto large = write{"INSERT INTO t(a, u) VALUES(1, 1) RETURNING "
                     "replace(hex(zeroblob(500)), '0', 'x')"};
  auto huge = write{"INSERT INTO t(a) VALUES(2) RETURNING zeroblob(100000)"};
  must("INSERT INTO t(u) VALUES(2)");
  add(large, {session, 1, 0});
  add(huge, {session, 2, 0});
  add(large, {session, 1, 0});
  // Undoes them all, for a moment.
  add(write{"INSERT OR ROLLBACK INTO t(u) VALUES(2)"}, {session, 3, 0});
  CHECK(outcomes() == "3:constraint_violated 1 2 1:repeated");
  auto first = decided[1].receipt;
  CHECK(decided[3].receipt.commit == first.commit);
  CHECK(decided[3].receipt.returned.at(0).rows == first.returned.at(0).rows);
  CHECK(stored().receipts.empty());
  CHECK(stored().apart.has(1));
  CHECK(stored().apart.has(2));
  start();
  add(huge, {session, 2, 0});
  add(large, {session, 1, 0});
  add(4, 2);
  add(large, {session, 1, 0});
  CHECK(outcomes() == "1:invalid_argument 2:repeated 1:repeated 4");
  CHECK(decided[2].receipt.returned.at(0).rows == first.returned.at(0).rows);
  CHECK_FALSE(stored().apart.has(1));
  CHECK(rows("SELECT a FROM t WHERE a > 0") == "1 2 4 ");
}

TEST_CASE_METHOD(batch_fixture, "a large receipt of a request that fails "
                                "stays nowhere") {
  write failing{"INSERT INTO t(a) VALUES(1) RETURNING zeroblob(5000)"};
  auto whole = failing;
  failing.then("INSERT INTO child VALUES(5)");
  add(failing, {session, 1, 0});
  CHECK(outcomes() == "1:constraint_violated");
  CHECK(rows("SELECT count(*) FROM onewriter_idempotency") == "0 ");
  add(whole, {session, 1, 0});
  CHECK(outcomes() == "1");
  // Forgotten, when it was old, while the session went on.
  REQUIRE(ok(forget_receipts(*db, -1h)));
  add(whole, {session, 1, 0});
  CHECK(outcomes() == "1:invalid_argument");
  CHECK(rows("SELECT a FROM t") == "1 ");
}

// -- bounds ---------------------------------------------------------------------

// One request that waits must not let the row grow with all that follow it.
TEST_CASE_METHOD(ledger_fixture, "a row of a session has an end") {
  session_ledger ledger{*db};
  auto session = make_session("a");
  size_t most = 0;
  for (uint64_t first = 1; first < 40'000; first += 1'000) {
    CHECK(run(ledger, session, first, first + 999) == 1'000);
    most = std::max(most, load_session(*db, *session)->bytes);
  }
  INFO(most);
  CHECK(most > 20'000);
  CHECK(most < 128 * 1024);
  auto kept = load_session(*db, *session)->record;
  CHECK(kept.apart.ranges().size() == 1);
  CHECK(kept.receipts.size() < 10'000);
  // All of them are known, now and after a restart.
  CHECK(run(ledger, session, 1, 40'000) == 0);
  session_ledger next{*db};
  CHECK(run(next, session, 1, 40'000) == 0);
  auto first = next.find({session, 1, 0});
  auto last = next.find({session, 40'000, 0});
  REQUIRE((first && *first && last && *last));
  CHECK((**first).commit == 2);
  CHECK((**last).commit == 40'001);
  // The mark makes it small again.
  CHECK(run(next, session, 40'001, 40'001, 40'000) == 1);
  kept = load_session(*db, *session)->record;
  CHECK(kept.apart.ranges().empty());
  CHECK(kept.receipts.size() == 2);
}

TEST_CASE_METHOD(ledger_fixture, "memory holds the sessions used last") {
  constexpr size_t count = 200;
  session_ledger ledger{*db, 50'000};
  auto session_of = [](size_t i) {
    return make_session("session " + std::to_string(i));
  };
  for (size_t i = 0; i < count; ++i) {
    CHECK(run(ledger, session_of(i), 1, 10) == 10);
    // Is used all the time.
    CHECK(run(ledger, session_of(0), 1, 10) == 0);
  }
  CHECK(ledger.size() > 10);
  CHECK(ledger.size() < 100);
  auto selects = [&](size_t i) {
    // What is not in memory is not found in a table without rows.
    REQUIRE(ok(db->begin_immediate()));
    REQUIRE(db->run_internal("DELETE FROM onewriter_session"));
    auto found = ledger.find({session_of(i), 1, 0});
    REQUIRE(found);
    db->rollback();
    ledger.undone();
    return !*found;
  };
  CHECK_FALSE(selects(0));
  CHECK_FALSE(selects(count - 1));
  CHECK(selects(1));
  session_ledger fresh{*db, 0};
  for (size_t i = 0; i < count; ++i)
    CHECK(run(fresh, session_of(i), 1, 11) == 1);
  CHECK(fresh.size() == 1);
}

TEST_CASE_METHOD(ledger_fixture, "a session with too many gaps is refused") {
  auto session = make_session("a");
  stored_session gaps;
  for (uint64_t i = 0; i < 300'000; ++i)
    gaps.record.apart.append({2 * i, 2 * i});
  REQUIRE(ok(store_session(*db, *session, gaps)));
  session_ledger ledger{*db};
  auto found = ledger.find({session, 1, 0});
  REQUIRE_FALSE(found);
  CHECK(found.error() == ec::overloaded);
  // What was done has its receipt all the same.
  REQUIRE(ok(store_apart(*db, *session, 2, {})));
  auto done = ledger.find({session, 2, 0});
  REQUIRE(done);
  CHECK(*done);
}

// -- as a model -----------------------------------------------------------------

// Requests of three sessions in random order, of which some fail, some undo
// their transaction and some are sent again; batches that are given up, and
// writers that are replaced.
TEST_CASE_METHOD(batch_fixture, "each number takes effect once, in every "
                                "sequence of failures") {
  auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random{seed};
  must("INSERT INTO t(u) VALUES('taken')");
  struct known_session {
    session_ptr name;
    uint64_t settled = 0;
  };
  known_session sessions[]
    = {{make_session("a")}, {make_session("b")}, {make_session("c")}};
  // The commits of those that took effect, by session and number.
  std::map<std::pair<size_t, uint64_t>, uint64_t> done;
  for (auto round = 0; round < 400; ++round) {
    for (auto count = 1 + random() % 12; count > 0; --count) {
      auto which = random() % 3;
      auto& from = sessions[which];
      auto number = from.settled + random() % 12;
      session_position at{from.name, number, from.settled};
      auto id = std::to_string(which) + "/" + std::to_string(number);
      auto kind = random() % 12;
      if (kind == 0)
        add(write{"INSERT OR ROLLBACK INTO t(u) VALUES('taken')"}, at);
      else if (kind == 1)
        add(write{"INSERT INTO t(u) VALUES('taken')"}, at);
      else if (kind == 2)
        add(write{"INSERT INTO t(a) VALUES(?) RETURNING zeroblob(1000)", id},
            at);
      else if (kind == 3)
        add(write{"INSERT INTO t(a) VALUES(?)", id}.then("SELECT 1"), at);
      else
        add(write{"INSERT INTO t(a) VALUES(?)", id}, at);
    }
    auto end = random() % 10;
    if (end == 0) {
      // What was run again was committed on the way.
      batch->take_outcomes(decided);
      batch->take_unfinished();
      batch->abandon();
    } else {
      REQUIRE(ok(batch->commit()));
      batch->take_outcomes(decided);
    }
    for (auto& x : decided) {
      auto& at = x.what->position;
      auto which
        = static_cast<size_t>(std::to_integer<int>(at.session->front()) - 'a');
      auto key = std::pair{which, at.number};
      if (x.error != caf::none) {
        REQUIRE(name_of(x.error) == "constraint_violated");
      } else if (x.receipt.repeated) {
        REQUIRE(done.count(key) == 1);
        REQUIRE(done[key] == x.receipt.commit);
      } else {
        REQUIRE(done.emplace(key, x.receipt.commit).second);
      }
    }
    if (random() % 4 == 0)
      start();
    // Marks move over what was decided, now and then.
    auto& from = sessions[random() % 3];
    from.settled += random() % 3;
  }
  std::map<std::string, int> found;
  auto all = db->run(statement{"SELECT a FROM t WHERE a IS NOT NULL"},
                     sqlite::result_limits{});
  REQUIRE(all);
  for (auto& x : all->rows)
    ++found[x.get<std::string>(0)];
  CHECK(found.size() == done.size());
  for (auto& [key, commit] : done)
    CHECK(found[std::to_string(key.first) + "/" + std::to_string(key.second)]
          == 1);
}
