#include "actors/writer/write_batch.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

#include <chrono>
#include <new>
#include <stdexcept>
#include <string>

using namespace onewriter;
using namespace std::chrono_literals;

namespace {

/// A batch on a file, and what tests want to know about both.
class fixture {
public:
  fixture() {
    opts.path = folder.file("batch.db");
    auto opened = sqlite::connection::open(
      sqlite::connection_options::from(opts, sqlite::role::writer));
    REQUIRE(opened);
    db = std::move(*opened);
    REQUIRE(sqlite::prepare_schema(*db) == caf::none);
    must("CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)");
    must("CREATE TABLE child(a INTEGER REFERENCES t(a) "
         "DEFERRABLE INITIALLY DEFERRED)");
    must("CREATE TRIGGER no_nine BEFORE INSERT ON t WHEN NEW.a = 9 "
         "BEGIN SELECT RAISE(ROLLBACK, 'nine'); END");
    auto mark = sqlite::load_commit_token(*db);
    REQUIRE(mark);
    runner.emplace(*db, opts);
    batch.emplace(*db, *runner, 10s, *mark);
  }

  void must(const std::string& sql) {
    REQUIRE(db->run(statement{sql}, sqlite::result_limits{}));
  }

  /// Adds a write; `name` stands for it in `outcomes`.
  template <class... Ts>
  caf::error add(const std::string& sql, Ts&&... xs) {
    return add(write{sql, std::forward<Ts>(xs)...});
  }

  caf::error add(work_request request) {
    auto item = std::make_shared<pending_write>();
    item->request = std::move(request);
    item->sender = ++added;
    return batch->add(std::move(item));
  }

  /// What was decided: "1:ok 2:constraint_violated", by order of `add`.
  std::string outcomes() {
    std::string result;
    std::vector<outcome> decided;
    batch->take_outcomes(decided);
    for (auto& x : decided) {
      result += result.empty() ? "" : " ";
      result += std::to_string(x.what->sender) + ":";
      result += x.error == caf::none ? "ok" : to_string(code_of(x.error));
    }
    return result;
  }

  /// The rows of `sql`, in one line.
  std::string rows(const std::string& sql) {
    auto found = db->run(statement{sql}, sqlite::result_limits{});
    REQUIRE(found);
    std::string result;
    for (auto& line : found->rows)
      result += (result.empty() ? "" : " ") + to_string(line);
    return result;
  }

  test::temp_folder folder;
  options opts;
  std::unique_ptr<sqlite::connection> db;
  std::optional<request_runner> runner;
  std::optional<write_batch> batch;
  uint64_t added = 0;
};

} // namespace

TEST_CASE_METHOD(fixture, "requests of a batch share one commit") {
  REQUIRE(batch->begin() == caf::none);
  REQUIRE(add("INSERT INTO t(a) VALUES(1)") == caf::none);
  REQUIRE(add("INSERT INTO t(a) VALUES(2)") == caf::none);
  CHECK(outcomes().empty());
  REQUIRE(batch->commit() == caf::none);
  std::vector<outcome> decided;
  batch->take_outcomes(decided);
  REQUIRE(decided.size() == 2);
  CHECK(decided[0].receipt.shared == 2);
  CHECK(decided[0].receipt.commit == decided[1].receipt.commit);
  CHECK(decided[1].receipt.last_insert_rowid == 2);
  CHECK(batch->commits() == 1);
  CHECK(rows("SELECT a FROM t") == "1 2");
}

TEST_CASE_METHOD(fixture, "a request that fails alone is undone alone") {
  REQUIRE(batch->begin() == caf::none);
  REQUIRE(add("INSERT INTO t(a) VALUES(1)") == caf::none);
  REQUIRE(add("INSERT INTO t(a) VALUES(1)") == caf::none);
  REQUIRE(add("INSERT INTO t(a) VALUES(3)") == caf::none);
  REQUIRE(batch->commit() == caf::none);
  CHECK(outcomes() == "2:constraint_violated 1:ok 3:ok");
  CHECK(batch->repeated() == 0);
  CHECK(rows("SELECT a FROM t") == "1 3");
}

TEST_CASE_METHOD(fixture, "a write of several statements is undone whole") {
  REQUIRE(batch->begin() == caf::none);
  REQUIRE(add("INSERT INTO t(a) VALUES(1)") == caf::none);
  auto two = write{"INSERT INTO t(a) VALUES(2)"};
  two.then("INSERT INTO t(a) VALUES(1)");
  REQUIRE(add(two) == caf::none);
  REQUIRE(batch->commit() == caf::none);
  CHECK(outcomes() == "2:constraint_violated 1:ok");
  CHECK(rows("SELECT a FROM t") == "1");
}

TEST_CASE_METHOD(fixture,
                 "a write that rolls back the transaction is alone in it") {
  REQUIRE(batch->begin() == caf::none);
  REQUIRE(add("INSERT INTO t(a, b) VALUES(1, 'kept')") == caf::none);
  SECTION("by a conflict clause") {
    REQUIRE(add("INSERT OR ROLLBACK INTO t(a) VALUES(1)") == caf::none);
  }
  SECTION("by a trigger") {
    REQUIRE(add("INSERT INTO t(a) VALUES(9)") == caf::none);
  }
  SECTION("by a conflict clause among several statements") {
    auto many = write{"INSERT INTO t(a) VALUES(5)"};
    many.then("INSERT OR ROLLBACK INTO t(a) VALUES(1)");
    many.then("INSERT INTO t(a) VALUES(6)");
    REQUIRE(add(many) == caf::none);
  }
  SECTION("by a function that takes no notice of it") {
    transaction deaf;
    deaf.function = [](session& within) -> caf::expected<result_set> {
      CHECK_FALSE(within.run("INSERT OR ROLLBACK INTO t(a) VALUES(1)"));
      CHECK_FALSE(within.run("INSERT INTO t(a) VALUES(7)"));
      return result_set{};
    };
    REQUIRE(add(deaf) == caf::none);
  }
  REQUIRE(add("INSERT INTO t(a) VALUES(3)") == caf::none);
  REQUIRE(batch->commit() == caf::none);
  CHECK(outcomes() == "2:constraint_violated 1:ok 3:ok");
  CHECK(batch->repeated() == 1);
  CHECK(batch->commits() == 2);
  CHECK(rows("SELECT a, b FROM t") == "1|'kept' 3|NULL");
}

TEST_CASE_METHOD(fixture, "what a failed statement left behind is undone") {
  REQUIRE(batch->begin() == caf::none);
  REQUIRE(add("INSERT INTO t(a) VALUES(2)") == caf::none);
  // Inserts 1, then fails at 2 and keeps 1.
  REQUIRE(add("INSERT OR FAIL INTO t(a) VALUES(1), (2), (3)") == caf::none);
  REQUIRE(add("INSERT INTO t(a) VALUES(4)") == caf::none);
  REQUIRE(batch->commit() == caf::none);
  CHECK(outcomes() == "2:constraint_violated 1:ok 3:ok");
  CHECK(rows("SELECT a FROM t") == "2 4");
}

TEST_CASE_METHOD(fixture,
                 "a write that leaves a foreign key open is alone in it") {
  REQUIRE(batch->begin() == caf::none);
  REQUIRE(add("INSERT INTO t(a) VALUES(1)") == caf::none);
  REQUIRE(add("INSERT INTO child VALUES(5)") == caf::none);
  auto mended = write{"INSERT INTO child VALUES(6)"};
  mended.then("INSERT INTO t(a) VALUES(6)");
  REQUIRE(add(mended) == caf::none);
  // Would mend the second, which must not depend on it.
  REQUIRE(add("INSERT INTO t(a) VALUES(5)") == caf::none);
  REQUIRE(batch->commit() == caf::none);
  CHECK(outcomes() == "2:constraint_violated 1:ok 3:ok 4:ok");
  CHECK(rows("SELECT a FROM t") == "1 5 6");
  CHECK(rows("SELECT a FROM child") == "6");
}

TEST_CASE_METHOD(fixture, "many that ruin a batch cost a commit each") {
  REQUIRE(batch->begin() == caf::none);
  for (auto i = 10; i < 20; ++i) {
    REQUIRE(add("INSERT INTO t(a) VALUES(?)", i) == caf::none);
    REQUIRE(add("INSERT OR ROLLBACK INTO t(a) VALUES(10)") == caf::none);
  }
  REQUIRE(batch->commit() == caf::none);
  CHECK(batch->commits() == 10);
  CHECK(rows("SELECT COUNT(*), MIN(a), MAX(a) FROM t") == "10|10|19");
}

TEST_CASE_METHOD(fixture, "an endless statement is stopped and undone alone") {
  batch.emplace(*db, *runner, 20ms, *sqlite::load_commit_token(*db));
  REQUIRE(batch->begin() == caf::none);
  REQUIRE(add("INSERT INTO t(a) VALUES(1)") == caf::none);
  REQUIRE(add("INSERT INTO t(a) WITH RECURSIVE n(x) AS (SELECT 100 UNION ALL "
              "SELECT x + 1 FROM n) SELECT x FROM n")
          == caf::none);
  REQUIRE(add("INSERT INTO t(a) VALUES(3)") == caf::none);
  REQUIRE(batch->commit() == caf::none);
  CHECK(outcomes() == "2:run_limit_exceeded 1:ok 3:ok");
  CHECK(rows("SELECT a FROM t") == "1 3");
}

TEST_CASE_METHOD(fixture, "a function that was stopped is not committed") {
  batch.emplace(*db, *runner, 20ms, *sqlite::load_commit_token(*db));
  transaction deaf;
  deaf.function = [](session& within) -> caf::expected<result_set> {
    CHECK(within.run("INSERT INTO t(a) VALUES(5)"));
    CHECK_FALSE(
      within.run("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x "
                 "+ 1 FROM n) SELECT max(x) FROM n"));
    CHECK_FALSE(within.run("INSERT INTO t(a) VALUES(6)"));
    return result_set{};
  };
  REQUIRE(batch->begin() == caf::none);
  REQUIRE(add("INSERT INTO t(a) VALUES(1)") == caf::none);
  REQUIRE(add(deaf) == caf::none);
  REQUIRE(batch->commit() == caf::none);
  CHECK(outcomes() == "2:run_limit_exceeded 1:ok");
  CHECK(rows("SELECT a FROM t") == "1");
}

TEST_CASE_METHOD(fixture, "a demand for changed rows refuses the whole write") {
  must("INSERT INTO t(a, b) VALUES(1, 'old')");
  REQUIRE(batch->begin() == caf::none);
  write demanding;
  demanding.statements.push_back(statement{"INSERT INTO t(a) VALUES(2)"});
  demanding.statements.push_back(
    statement{"UPDATE t SET b = 'new' WHERE a = 1 AND b = 'other'"}.expect(1));
  REQUIRE(add(demanding) == caf::none);
  demanding.statements.back()
    = statement{"UPDATE t SET b = 'new' WHERE a = 1 AND b = 'old'"}.expect(1);
  REQUIRE(add(demanding) == caf::none);
  // A statement that is no change changes no rows, also after one that is.
  demanding.statements = {statement{"SELECT * FROM t"}.expect(0)};
  REQUIRE(add(demanding) == caf::none);
  REQUIRE(batch->commit() == caf::none);
  CHECK(outcomes() == "1:unexpected_changes 2:ok 3:ok");
  CHECK(rows("SELECT a, b FROM t") == "1|'new' 2|NULL");
}

TEST_CASE_METHOD(fixture, "a request that throws is undone alone") {
  auto throwing = [this](auto what) {
    return add(internal_task{
      "throws", [what](sqlite::connection& to) -> caf::expected<result_set> {
        static_cast<void>(to.run(statement{"INSERT INTO t(a) VALUES(7)"},
                                 sqlite::result_limits{}));
        throw what;
      }});
  };
  REQUIRE(batch->begin() == caf::none);
  REQUIRE(add("INSERT INTO t(a) VALUES(1)") == caf::none);
  REQUIRE(throwing(std::runtime_error{"no"}) == caf::none);
  REQUIRE(add("INSERT INTO t(a) VALUES(2)") == caf::none);
  REQUIRE(throwing(std::bad_alloc{}) == caf::none);
  REQUIRE(throwing(5) == caf::none);
  REQUIRE(batch->commit() == caf::none);
  CHECK(outcomes() == "2:internal 1:ok 4:out_of_memory 3:ok 5:internal");
  CHECK(rows("SELECT a FROM t") == "1 2");
}

TEST_CASE_METHOD(fixture, "a batch that is given up hands everything back") {
  REQUIRE(batch->begin() == caf::none);
  for (auto i = 1; i <= 3; ++i)
    REQUIRE(add("INSERT INTO t(a) VALUES(?)", i) == caf::none);
  std::string handed_back;
  for (auto& item : batch->take_unfinished())
    handed_back += std::to_string(item->sender);
  batch->abandon();
  CHECK(handed_back == "123");
  CHECK(outcomes().empty());
  CHECK(rows("SELECT COUNT(*) FROM t") == "0");
}

TEST_CASE_METHOD(fixture, "a batch without success takes no commit number") {
  auto before = batch->last();
  REQUIRE(batch->begin() == caf::none);
  REQUIRE(add("INSERT INTO nowhere VALUES(1)") == caf::none);
  REQUIRE(batch->commit() == caf::none);
  CHECK(outcomes() == "1:invalid_sql");
  CHECK(batch->last() == before);
  CHECK(*sqlite::load_commit_token(*db) == before);
}

TEST_CASE_METHOD(fixture, "the file knows the mark of the last commit") {
  REQUIRE(batch->begin() == caf::none);
  REQUIRE(add("INSERT INTO t(a) VALUES(1)") == caf::none);
  REQUIRE(batch->commit() == caf::none);
  CHECK(*sqlite::load_commit_token(*db) == batch->last());
  CHECK(batch->last().number == 1);
}
