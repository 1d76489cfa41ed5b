// Requests that change more pages than the page cache holds, and then fail: the
// log has to hold every commit, as a crash shows.
#include "actors/sqlite/file/startup.hpp"
#include "actors/writer/write_batch.hpp"
#include "tests/catch.hpp"
#include "tests/sqlite/child_process.hpp"
#include "tests/temp_folder.hpp"

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace onewriter::test {

namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

constexpr uint64_t page_bytes = 4'096;

constexpr auto big_rows = 400;

/// How a request fails when it has changed many pages.
struct way_to_fail {
  const char* name;
  std::vector<statement> statements;
};

// `big` has a row for each number up to `big_rows`, `small` one for 1.
std::vector<way_to_fail> ways_to_fail() {
  auto failing = [](const char* name, statement last) {
    return way_to_fail{name, {std::move(last)}};
  };
  return {
    failing("a primary key", statement{"INSERT INTO small(n) VALUES(1)"}),
    failing("OR FAIL", statement{"INSERT OR FAIL INTO small(n) "
                                 "VALUES(501), (502), (1)"}),
    failing("OR ABORT in the middle",
            statement{"INSERT OR ABORT INTO small(n) "
                      "SELECT 401 - id FROM big ORDER BY id"}),
    failing("OR ROLLBACK", statement{"INSERT OR ROLLBACK INTO small(n) "
                                     "VALUES(1)"}),
    failing("NOT NULL", statement{"INSERT INTO small(n, x) VALUES(503, NULL)"}),
    failing("CHECK", statement{"UPDATE big SET b = 0 WHERE id > 50"}),
    failing("RAISE(ABORT)", statement{"INSERT INTO small(n) VALUES(901)"}),
    failing("RAISE(FAIL)", statement{"INSERT INTO small(n) VALUES(902)"}),
    failing("RAISE(ROLLBACK)", statement{"INSERT INTO small(n) VALUES(903)"}),
    failing("an immediate foreign key",
            statement{"INSERT INTO child(at_once) VALUES(777)"}),
    failing("a deferred foreign key",
            statement{"INSERT INTO child(later) VALUES(777)"}),
    failing("a demand", statement{"UPDATE small SET x = 2"}.expect(77)),
    failing("rows over the limit",
            statement{"UPDATE big SET b = randomblob(900) RETURNING b"}),
    failing("no such table", statement{"INSERT INTO nowhere VALUES(1)"}),
    failing("an update that fails late",
            statement{"UPDATE big SET u = CASE id WHEN 390 THEN 1001 "
                      "ELSE 1000 + id END, b = randomblob(900)"}),
  };
}

/// Changes every page twice before it fails.
write big_write(const way_to_fail& what) {
  write result{"UPDATE big SET b = randomblob(900)"};
  result.then("UPDATE big SET b = randomblob(901) WHERE id > 50");
  for (auto& x : what.statements)
    result.statements.push_back(x);
  return result;
}

/// What a transaction function does about a statement that fails.
enum class reaction { returns, throws, goes_on, tries_again };

transaction big_function(const way_to_fail& what, reaction then) {
  transaction result;
  result.function = [parts = big_write(what).statements,
                     then](session& db) -> caf::expected<result_set> {
    for (auto& part : parts) {
      auto rows = db.run(part);
      if (rows || then == reaction::goes_on)
        continue;
      if (then == reaction::throws)
        throw std::runtime_error("a statement failed");
      if (then == reaction::returns)
        return rows.error();
      if (auto again = db.run("INSERT INTO small(n) VALUES(666)"); !again)
        return again.error();
    }
    return result_set{};
  };
  return result;
}

class fixture {
public:
  fixture() {
    opts.path = folder.file("spilled.db");
    opts.cache_bytes = 10 * page_bytes;
    opts.max_result_bytes = 10'000;
    auto opened = sqlite::connection::open(
      sqlite::connection_options::from(opts, sqlite::role::writer));
    REQUIRE(opened);
    db = std::move(*opened);
    REQUIRE(sqlite::prepare_schema(*db) == caf::none);
    make_tables();
    runner.emplace(*db, opts);
    batch.emplace(*db, *runner, 60s, *sqlite::load_commit_token(*db));
  }

  void make_tables() {
    must("CREATE TABLE big(id INTEGER PRIMARY KEY, b CHECK(length(b) > 10), "
         "u UNIQUE)");
    must("CREATE TABLE heap(a, b)");
    must("CREATE TABLE small(n PRIMARY KEY, x NOT NULL DEFAULT 1)");
    must("CREATE TABLE child(at_once REFERENCES small(n), later REFERENCES "
         "small(n) DEFERRABLE INITIALLY DEFERRED)");
    must("CREATE TRIGGER no AFTER INSERT ON small WHEN NEW.n BETWEEN 901 AND "
         "903 BEGIN "
         "SELECT CASE NEW.n WHEN 901 THEN RAISE(ABORT, 'no') WHEN 902 THEN "
         "RAISE(FAIL, 'no') ELSE RAISE(ROLLBACK, 'no') END; END");
    must("INSERT INTO big WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT "
         "x + 1 FROM n WHERE x < "
         + std::to_string(big_rows) + ") SELECT x, randomblob(900), x FROM n");
    must("INSERT INTO small(n) VALUES(1)");
  }

  void must(const std::string& sql) {
    auto done = db->run(statement{sql}, sqlite::result_limits{});
    INFO(sql);
    REQUIRE(done);
  }

  void add(work_request request) {
    auto item = std::make_shared<pending_write>();
    item->request = std::move(request);
    item->sender = ++added;
    REQUIRE(batch->add(std::move(item)) == caf::none);
  }

  void add_small_rows(int count) {
    for (auto i = 0; i < count; ++i)
      add(write{"INSERT INTO small(n) VALUES(?)", 10'000 + ++rows_sent});
  }

  /// Runs `request` between rows of other senders, all in one batch, and some
  /// commits after it. Returns the outcome of `request`.
  std::string run_among_others(work_request request) {
    REQUIRE(batch->begin() == caf::none);
    add_small_rows(5);
    add(std::move(request));
    auto number = added;
    add_small_rows(5);
    REQUIRE(batch->commit() == caf::none);
    auto result = outcome_of(number);
    for (auto i = 0; i < 3; ++i) {
      REQUIRE(batch->begin() == caf::none);
      add_small_rows(1);
      REQUIRE(batch->commit() == caf::none);
    }
    outcome_of(0);
    return result;
  }

  /// Counts acknowledged rows; returns the outcome of request `number`.
  std::string outcome_of(uint64_t number) {
    std::string result;
    std::vector<outcome> decided;
    batch->take_outcomes(decided);
    for (auto& x : decided)
      if (x.what->sender == number)
        result = x.error == caf::none ? "ok" : to_string(code_of(x.error));
      else
        acknowledged += x.error == caf::none ? 1 : 0;
    return result;
  }

  /// Rows of `small` beyond the first, and what an integrity check says, after
  /// a crash at this moment: in a copy of the file and its log.
  std::string after_crash() const {
    auto copy = folder.file("copy-" + std::to_string(rows_sent) + ".db");
    in_child([&] {
      std::filesystem::copy(opts.path, copy);
      std::filesystem::copy(opts.path + "-wal", copy + "-wal");
      return std::string{"done"};
    });
    auto again = opts;
    again.path = copy;
    auto opened = sqlite::connection::open(
      sqlite::connection_options::from(again, sqlite::role::writer));
    REQUIRE(opened);
    auto count = (*opened)->run(
      statement{"SELECT count(*) FROM small WHERE n > 10000"}, {});
    auto report = (*opened)->check(false);
    REQUIRE(count);
    REQUIRE(report);
    return std::to_string(count->rows[0].get<int64_t>(0)) + " rows, "
           + (report->ok() ? "sound" : report->problems.front());
  }

  std::string all_acknowledged() const {
    return std::to_string(acknowledged) + " rows, sound";
  }

  temp_folder folder;
  options opts;
  std::unique_ptr<sqlite::connection> db;
  std::optional<request_runner> runner;
  std::optional<write_batch> batch;
  uint64_t added = 0;
  int rows_sent = 0;
  int acknowledged = 0;
};

} // namespace

TEST_CASE_METHOD(fixture, "a large write that fails hurts no commit") {
  for (auto& way : ways_to_fail()) {
    INFO(way.name);
    CHECK(run_among_others(big_write(way)) != "ok");
    CHECK(after_crash() == all_acknowledged());
  }
  CHECK(acknowledged == rows_sent);
}

TEST_CASE_METHOD(fixture, "a large function that fails hurts no commit") {
  for (auto& way : ways_to_fail())
    for (auto then : {reaction::returns, reaction::throws, reaction::goes_on,
                      reaction::tries_again}) {
      INFO(way.name << ", reaction " << static_cast<int>(then));
      auto goes_on = then == reaction::goes_on || then == reaction::tries_again;
      auto result = run_among_others(big_function(way, then));
      CHECK((goes_on || result != "ok"));
      CHECK(after_crash() == all_acknowledged());
    }
  CHECK(acknowledged == rows_sent);
}

TEST_CASE_METHOD(fixture, "a commit without checksums is noticed") {
  // What the batch never does.
  REQUIRE(db->begin_immediate() == caf::none);
  REQUIRE(db->savepoint() == caf::none);
  must("UPDATE big SET b = randomblob(901)");
  must("UPDATE big SET b = randomblob(902) WHERE id > 50");
  REQUIRE(db->has_spilled());
  REQUIRE(db->rollback_to_savepoint() == caf::none);
  must("INSERT INTO small(n) VALUES(10001)");
  auto err = db->commit();
  constexpr auto first_without_fault = 3'053'001;
  if (sqlite::sqlite_version_number() < first_without_fault)
    CHECK(code_of(err) == ec::io_error);
  CHECK(db->is_index_suspect() == (err != caf::none));
  CHECK(after_crash() == (err == caf::none ? "1" : "0") + " rows, sound"s);
}

TEST_CASE_METHOD(fixture, "a function may go on after a failed statement") {
  // What has outgrown the cache is the others' work, not its own.
  REQUIRE(batch->begin() == caf::none);
  add(write{"UPDATE big SET b = randomblob(900)"});
  transaction function;
  function.function = [](session& within) -> caf::expected<result_set> {
    CHECK_FALSE(within.run("INSERT INTO small(n) VALUES(1)"));
    return within.run("INSERT INTO small(n) VALUES(2)");
  };
  add(function);
  add(write{"INSERT INTO small(n) VALUES(3)"});
  REQUIRE(batch->commit() == caf::none);
  CHECK(outcome_of(2) == "ok");
  CHECK(acknowledged == 2);
  CHECK(batch->commits() == 3);
}

TEST_CASE_METHOD(fixture, "a function that outgrows the cache may go on") {
  auto way = ways_to_fail().front();
  CHECK(run_among_others(big_function(way, reaction::returns))
        == "constraint_violated");
  CHECK(run_among_others(big_function(way, reaction::goes_on)) == "ok");
  CHECK(after_crash() == all_acknowledged());
  CHECK(run_among_others(big_function(way, reaction::tries_again)) == "ok");
  CHECK(after_crash() == all_acknowledged());
  CHECK(acknowledged == rows_sent);
  // Those that follow spill again.
  CHECK(run_among_others(big_write(way)) == "constraint_violated");
  CHECK(after_crash() == all_acknowledged());
}

TEST_CASE_METHOD(fixture, "a function that goes on has a limit all the same") {
  auto way = ways_to_fail().front();
  transaction greedy;
  greedy.function = [](session& within) -> caf::expected<result_set> {
    for (auto i = 0; i < 40; ++i) {
      auto grown = within.run("INSERT INTO heap SELECT id, "
                              "randomblob(900) FROM big");
      if (!grown)
        return grown;
      static_cast<void>(within.run("INSERT INTO small(n) VALUES(1)"));
    }
    return result_set{};
  };
  CHECK(run_among_others(greedy) == "too_big");
  CHECK(after_crash() == all_acknowledged());
}

} // namespace onewriter::test
