// Every kind of statement crossed with every way to name an object of
// onewriter: each is refused or harmless. It is harmless if afterwards the
// write of another caller arrives, a dead letter, an idempotency key, a session
// and a document of an index can be stored, and the file can be opened again.
#include "actors/index/tables/schema.hpp"
#include "actors/index/tables/version_store.hpp"
#include "actors/sqlite/runner/schema_guard.hpp"
#include "actors/store/dead_letter_store.hpp"
#include "actors/writer/write_batch.hpp"
#include "tests/catch.hpp"
#include "tests/database/positioned_write.hpp"
#include "tests/schema/statement_kinds.hpp"
#include "tests/temp_folder.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

/// What a writer runs requests with, on a file.
class writer_stack {
public:
  explicit writer_stack(const std::string& path) {
    opts_.path = path;
    opts_.synchronous = synchronous::normal;
    auto opened = sqlite::connection::open(
      sqlite::connection_options::from(opts_, sqlite::role::writer));
    if (!opened)
      FAIL(describe(opened.error()));
    db_ = std::move(*opened);
    auto obstacle = sqlite::find_obstacle(*db_);
    if (!obstacle || !obstacle->empty())
      FAIL("the schema is in the way");
    if (auto err = sqlite::prepare_schema(*db_, {index_schema()});
        err != caf::none)
      FAIL(describe(err));
    runner_.emplace(*db_, opts_);
    auto mark = sqlite::load_commit_token(*db_);
    if (!mark)
      FAIL(describe(mark.error()));
    batch_.emplace(*db_, *runner_, 10s, *mark);
  }

  /// Adds a request to the open transaction, or a new one; false where the
  /// writer would fail.
  bool add(work_request request, session_position at = {}) {
    if (!batch_->in_transaction() && batch_->begin() != caf::none)
      return false;
    auto item = positioned(std::move(request), std::move(at));
    item->sender = ++added_;
    return batch_->add(std::move(item)) == caf::none;
  }

  /// Commits and returns the errors of the requests, by order of `add`; ""
  /// where there are none, which is what is wanted.
  std::string commit() {
    if (auto err = batch_->commit(); err != caf::none)
      return "commit: " + describe(err);
    std::vector<outcome> decided;
    batch_->take_outcomes(decided);
    std::string result;
    for (auto& x : decided)
      if (x.error != caf::none)
        result += std::to_string(x.what->sender) + ": "
                  + to_string(code_of(x.error)) + ": "
                  + failure_of(x.error).message + "\n";
    return result;
  }

  std::string rows(const std::string& sql) {
    auto found = db_->run(statement{sql}, sqlite::result_limits{});
    if (!found)
      return describe(found.error());
    std::string result;
    for (auto& line : found->rows)
      result += to_string(line) + "\n";
    return result;
  }

  std::string schema() {
    return rows("SELECT type, name, sql FROM sqlite_schema "
                "UNION ALL SELECT type, name, sql FROM sqlite_temp_schema");
  }

  /// Number of the last request.
  uint64_t added() const {
    return added_;
  }

private:
  options opts_;
  std::unique_ptr<sqlite::connection> db_;
  std::optional<request_runner> runner_;
  std::optional<write_batch> batch_;
  uint64_t added_ = 0;
};

internal_task storing_of_letter() {
  return {"letter", [](sqlite::connection& db) -> caf::expected<result_set> {
            dead_letter letter;
            letter.code = ec::invalid_sql;
            letter.statements.emplace_back("SELECT 1");
            if (auto err = store_letter(db, letter); err != caf::none)
              return err;
            return result_set{};
          }};
}

internal_task indexing(const document_name& name) {
  return {"index", [name](sqlite::connection& db) {
            sticky_sql steps{db};
            document_digest content{sha256_of(name.key), name.key.size()};
            auto start = begin_version(steps, name, "", content);
            add_passages(steps, name.key, start.version, {{0, name.key}});
            start.version.next_passage += 1;
            publish_version(steps, name.key, start.version, content);
            return steps.result(result_set{});
          }};
}

/// A file with all that a case needs, made once, and a copy for each case.
class cross_fixture {
public:
  cross_fixture() {
    writer_stack db{original_};
    write schema{"CREATE TABLE t(a INTEGER PRIMARY KEY, b)"};
    schema.then("CREATE VIEW v AS SELECT a, b FROM t");
    schema.then("CREATE VIRTUAL TABLE f USING fts5(x)");
    schema.then("CREATE TABLE counted(a INTEGER PRIMARY KEY AUTOINCREMENT)");
    schema.then("INSERT INTO counted DEFAULT VALUES");
    db.add(schema);
    db.add(storing_of_letter());
    db.add(indexing({"first", "a"}));
    REQUIRE(db.commit() == "");
  }

  /// Runs one write in a transaction that it shares, and checks what is left.
  void run(const std::string& sql) {
    INFO(sql);
    start();
    auto schema_before = db_->schema();
    auto i = std::to_string(++cases_);
    auto is_refused = run_between_others(sql, i);
    ++(is_refused ? refused_ : harmless_);
    check_health("first", i);
    if (db_->schema() == schema_before && cases_ % 100 != 0)
      return;
    if (is_refused)
      CHECK(db_->schema() == schema_before);
    check_health("second", i + " in a new index");
    db_.reset();
    start();
    check_health("third", i + " once more");
    forget();
  }

  size_t refused() const {
    return refused_;
  }

  size_t harmless() const {
    return harmless_;
  }

private:
  /// Returns whether the write failed, and it alone.
  bool run_between_others(const std::string& sql, const std::string& i) {
    REQUIRE(db_->add(write{"INSERT INTO t(b) VALUES('before " + i + "')"}));
    REQUIRE(db_->add(split(sql)));
    auto its_line = std::to_string(db_->added()) + ": ";
    REQUIRE(db_->add(write{"INSERT INTO t(b) VALUES('after " + i + "')"}));
    auto errors = db_->commit();
    auto result = errors.substr(0, its_line.size()) == its_line;
    CHECK(errors.find('\n') == (result ? errors.size() - 1 : errors.npos));
    return result;
  }

  static write split(const std::string& sql) {
    write result;
    for (size_t from = 0; from <= sql.size();) {
      auto end = std::min(sql.find(";;", from), sql.size());
      result.statements.emplace_back(sql.substr(from, end - from));
      from = end + 2;
    }
    return result;
  }

  void start() {
    if (db_)
      return;
    if (!fs::exists(copy_))
      fs::copy_file(original_, copy_);
    db_.emplace(copy_);
  }

  void forget() {
    db_.reset();
    fs::remove(copy_);
  }

  void check_health(const std::string& index, const std::string& i) {
    auto before = counts();
    db_->add(write{"INSERT INTO t(b) VALUES('health " + i + "')"},
             {make_session(i), 1, 0});
    write keyed{"INSERT INTO t(b) VALUES('health key " + i + "')"};
    keyed.idempotency_key = i;
    db_->add(keyed);
    db_->add(storing_of_letter());
    db_->add(indexing({index, i}));
    CHECK(db_->commit() == "");
    auto now = counts();
    CHECK(now[0] == before[0] + 2);
    for (size_t k = 1; k < now.size(); ++k)
      CHECK(now[k] == before[k] + 1);
  }

  /// Returns how many rows came from `check_health`, in each table that it
  /// writes to.
  std::array<int64_t, 5> counts() {
    std::array<int64_t, 5> result{};
    auto next = result.begin();
    for (auto rows :
         {"t WHERE b LIKE 'health%'", "onewriter_dead_letter",
          "onewriter_idempotency", "onewriter_session", "onewriter_document"})
      *next++
        = std::stoll(db_->rows(std::string{"SELECT count(*) FROM "} + rows));
    return result;
  }

  temp_folder folder_;
  std::string original_ = folder_.file("original.db");
  std::string copy_ = folder_.file("copy.db");
  std::optional<writer_stack> db_;
  size_t cases_ = 0;
  size_t refused_ = 0;
  size_t harmless_ = 0;
};

} // namespace

TEST_CASE_METHOD(cross_fixture, "no statement by any name bends onewriter's "
                                "own tables") {
  for (auto& kind : statement_kinds()) {
    for (auto& spelling : spellings("onewriter_batch"))
      run(with_name(kind, spelling));
    // A table that numbers its rows, one without rowids, ones with a unique
    // name, a virtual table, and its content.
    for (auto name :
         {"onewriter_dead_letter", "onewriter_idempotency", "onewriter_session",
          "onewriter_index", "onewriter_fts_1", "onewriter_fts_1_content"})
      run(with_name(kind, name));
    // One that is not there yet. Where a trigger reads what is missing, its
    // table cannot be written to under any name.
    if (kind.find("SELECT count(*) FROM @; END") == kind.npos)
      run(with_name(kind, "'onewriter_fts_2'"));
  }
  std::cout << refused() << " statements were refused, " << harmless()
            << " were harmless\n";
  CHECK(refused() > harmless());
  CHECK(harmless() > 0);
}
