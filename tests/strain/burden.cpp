// The tables:
//
// ballast: as many bytes as several tiny page caches. A request that fails may
//   set marks, none that succeeds does.
// snare: one row; what is inserted besides violates a constraint.
// alarm: empty; what is inserted raises what it says.
#include "tests/strain/burden.hpp"

#include "onewriter/failure.hpp"

#include <stdexcept>
#include <utility>

namespace onewriter::test {

namespace {

constexpr const char* tables[] = {
  "CREATE TABLE IF NOT EXISTS ballast(id INTEGER PRIMARY KEY, "
  "mark INTEGER NOT NULL, content BLOB NOT NULL)",
  "CREATE INDEX IF NOT EXISTS ballast_mark ON ballast(mark, id)",
  // One of them is larger than the cache.
  "INSERT OR IGNORE INTO ballast(id, mark, content) "
  "WITH RECURSIVE line(n) AS (VALUES(1) UNION ALL SELECT n + 1 FROM line "
  "LIMIT 13) SELECT n, 0, randomblob(iif(n = 6, 10000, 900)) FROM line",
  "CREATE TABLE IF NOT EXISTS anchor(id INTEGER PRIMARY KEY)",
  "CREATE TABLE IF NOT EXISTS snare(n INTEGER PRIMARY KEY, "
  "small INTEGER NOT NULL DEFAULT 0 CHECK(small < 100), "
  "soon INTEGER REFERENCES anchor(id), "
  "late INTEGER REFERENCES anchor(id) DEFERRABLE INITIALLY DEFERRED)",
  "INSERT OR IGNORE INTO snare(n) VALUES(500)",
  "CREATE TABLE IF NOT EXISTS alarm(id INTEGER PRIMARY KEY, "
  "what TEXT NOT NULL)",
  "CREATE TRIGGER IF NOT EXISTS alarm_abort AFTER INSERT ON alarm "
  "WHEN new.what = 'abort' BEGIN SELECT RAISE(ABORT, 'as planned'); END",
  "CREATE TRIGGER IF NOT EXISTS alarm_fail AFTER INSERT ON alarm "
  "WHEN new.what = 'fail' BEGIN SELECT RAISE(FAIL, 'as planned'); END",
  "CREATE TRIGGER IF NOT EXISTS alarm_rollback AFTER INSERT ON alarm "
  "WHEN new.what = 'rollback' BEGIN SELECT RAISE(ROLLBACK, 'as planned'); END",
  "CREATE TRIGGER IF NOT EXISTS alarm_ignore BEFORE INSERT ON alarm "
  "WHEN new.what = 'ignore' BEGIN SELECT RAISE(IGNORE); END",
  // All within one statement.
  "CREATE TRIGGER IF NOT EXISTS alarm_twice AFTER INSERT ON alarm "
  "WHEN new.what = 'twice' BEGIN "
  "UPDATE ballast SET content = randomblob(length(content)); "
  "UPDATE ballast SET content = randomblob(length(content)); "
  "SELECT RAISE(ABORT, 'as planned'); END",
  "CREATE TRIGGER IF NOT EXISTS ballast_abort AFTER UPDATE ON ballast "
  "WHEN new.mark = -1 BEGIN SELECT RAISE(ABORT, 'as planned'); END",
};

constexpr const char* change_and_mark
  = "UPDATE ballast SET mark = ?, content = randomblob(length(content))";

constexpr const char* change
  = "UPDATE ballast SET content = randomblob(length(content))";

// The oracle knows the number as well (`oracle/soundness.cpp`).
constexpr int64_t ballast_rows = 13;

constexpr int64_t most_rows = 10;

// Leaves the first pages alone: only a part of what was spilled is spilled
// again.
constexpr const char* change_most
  = "UPDATE ballast SET content = randomblob(length(content)) WHERE id > 3";

constexpr const char* ignored = "INSERT INTO alarm(what) VALUES('ignore')";

/// A statement that fails.
struct way {
  const char* name;
  const char* sql;
  ec code = ec::constraint_violated;
  /// Whether the transaction is as it was before once the statement failed.
  bool can_be_swallowed = true;
  int64_t expected_changes = -1;
};

constexpr auto constraint = ec::constraint_violated;

constexpr way ways[] = {
  {"unique", "INSERT INTO snare(n) VALUES(500)"},
  {"check", "INSERT INTO snare(n, small) VALUES(1, 100)"},
  {"not null", "INSERT INTO snare(n, small) VALUES(1, NULL)"},
  {"foreign key", "INSERT INTO snare(n, soon) VALUES(1, 77)"},
  {"deferred foreign key", "INSERT INTO snare(n, late) VALUES(1, 77)",
   constraint, false},
  {"raise abort", "INSERT INTO alarm(what) SELECT "
                  "iif(id = 9, 'abort', '') FROM ballast"},
  {"raise fail",
   "INSERT INTO alarm(what) SELECT iif(id = 9, 'fail', '') FROM ballast",
   constraint, false},
  {"raise rollback",
   "INSERT INTO alarm(what) SELECT iif(id = 9, 'rollback', '') FROM ballast",
   constraint, false},
  {"raise ignore", ignored, ec::unexpected_changes, true, 1},
  {"or abort", "INSERT OR ABORT INTO snare(n) SELECT 494 + id FROM ballast"},
  {"or fail", "INSERT OR FAIL INTO snare(n) SELECT 494 + id FROM ballast",
   constraint, false},
  {"or rollback",
   "INSERT OR ROLLBACK INTO snare(n) SELECT 494 + id FROM ballast", constraint,
   false},
  {"update or abort",
   "UPDATE OR ABORT ballast SET mark = 1, id = iif(id = 9, 3, id), "
   "content = randomblob(length(content))"},
  {"update or fail",
   "UPDATE OR FAIL ballast SET mark = 1, id = iif(id = 9, 3, id), "
   "content = randomblob(length(content))",
   constraint, false},
  {"update or rollback",
   "UPDATE OR ROLLBACK ballast SET mark = 1, id = iif(id = 9, 3, id), "
   "content = randomblob(length(content))",
   constraint, false},
  {"trigger within an update", "UPDATE ballast SET mark = iif(id = 11, -1, 1), "
                               "content = randomblob(length(content))"},
  {"two rounds in one statement", "INSERT INTO alarm(what) VALUES('twice')"},
  {"unexpected changes", change, ec::unexpected_changes, true, 1},
  {"unexpected changes by RETURNING",
   "UPDATE ballast SET content = randomblob(length(content)) RETURNING id",
   ec::unexpected_changes, true, 1},
  {"too big",
   "UPDATE ballast SET content = randomblob(length(content)) "
   "RETURNING zeroblob(100000)",
   ec::too_big},
  {"run limit",
   "UPDATE ballast SET content = zeroblob(length(content)) WHERE id < "
   "(WITH RECURSIVE line(n) AS (VALUES(1) UNION ALL SELECT n + 1 FROM line) "
   "SELECT count(*) FROM line)",
   ec::run_limit_exceeded, false},
  {"no such table", "INSERT INTO missing(n) VALUES(1)", ec::invalid_sql},
  {"forbidden", "COMMIT", ec::not_allowed},
};

static_assert(std::size(ways) == burden_count);

constexpr uint32_t run_limit_way = 20;

constexpr auto run_limit = std::chrono::milliseconds{3};

// What fails on its way when it is alone.
constexpr uint32_t single_ways[] = {5, 6, 9, 10, 12, 13, 15, 16};

// Stands for what cannot be swallowed.
constexpr uint32_t substitute = 16;

constexpr const char* function_name = "fail with a burden";

const way& way_of(const burden& x) {
  return ways[x.way];
}

statement last_of(const burden& x) {
  statement result{way_of(x).sql};
  result.expected_changes = way_of(x).expected_changes;
  return result;
}

// Spreads numbers (https://xoshiro.di.unimi.it/splitmix64.c).
uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

template <class Request>
void limit(const burden& x, Request& to) {
  if (x.is_stopped())
    to.run_limit = run_limit;
}

caf::expected<result_set> run_rounds(session& db, const burden& x) {
  auto result = db.run(change_and_mark, x.number);
  for (uint32_t i = 1; result && i < x.rounds; ++i)
    result = db.run(change_most);
  return result;
}

// Returns the error, throws, or swallows it and returns another one.
caf::expected<result_set> fail(session& db, const burden& x) {
  if (auto changed = run_rounds(db, x); !changed)
    return changed;
  auto failed = db.run(last_of(x));
  if (x.number % 3 == 0)
    throw std::runtime_error{"as planned"};
  if (x.number % 3 == 1)
    return make_failure(ec::invalid_argument, "as planned");
  return failed;
}

} // namespace

burden burden::of(uint64_t number) {
  auto draw = mix(number);
  burden result;
  result.number = static_cast<int64_t>(number);
  result.way = static_cast<uint32_t>(draw % burden_count);
  result.rounds = 1 + static_cast<uint32_t>(draw / burden_count % 3);
  return result;
}

bool burden::is_stopped() const {
  return way == run_limit_way;
}

std::string to_string(const burden& x) {
  return std::string{way_of(x).name} + " after " + std::to_string(x.rounds)
         + " rounds";
}

void add_burden_tables(write& to) {
  for (auto sql : tables)
    to.then(sql);
}

void add_burden_function(options& to) {
  to.functions[function_name]
    = [](session& db, const std::vector<value>& arguments) {
        row values{arguments};
        auto [number, which, rounds] = values.as<int64_t, uint32_t, uint32_t>();
        return fail(db, {number, which, rounds});
      };
}

// -- requests that fail ----------------------------------------------------------

write burden_write(const burden& x) {
  write result{change_and_mark, x.number};
  limit(x, result);
  for (uint32_t i = 1; i < x.rounds; ++i)
    result.then(change_most);
  result.statements.push_back(last_of(x));
  return result;
}

call burden_call(const burden& x) {
  call result{function_name, x.number, x.way, x.rounds};
  limit(x, result);
  return result;
}

transaction burden_transaction(const burden& x) {
  transaction result;
  limit(x, result);
  result.function = [x](session& db) {
    return fail(db, x);
  };
  return result;
}

best_effort burden_best_effort(const burden& x) {
  best_effort result;
  result.what
    = statement{ways[single_ways[x.way % std::size(single_ways)]].sql};
  return result;
}

bool is_error_of(const burden& x, ec code) {
  return code == way_of(x).code || code == ec::function_failed
         || code == ec::invalid_argument;
}

// -- a request that succeeds -----------------------------------------------------

caf::error bear_burden(session& db, const burden& x) {
  for (uint32_t i = 0; i < x.rounds; ++i)
    if (auto changed = db.run(i == 0 ? change : change_most); !changed)
      return changed.error();
  auto last
    = way_of(x).can_be_swallowed ? last_of(x) : statement{ways[substitute].sql};
  if (db.run(last))
    return make_failure(ec::function_failed, "a statement did not fail");
  return {};
}

transaction with_burden(const burden& x, write what) {
  transaction result;
  result.function
    = [x, what = std::move(what)](session& db) -> caf::expected<result_set> {
    if (auto err = bear_burden(db, x); err != caf::none)
      return err;
    for (auto& part : what.statements)
      if (auto done = db.run(part); !done)
        return done;
    return result_set{};
  };
  return result;
}

int64_t changes_borne(const burden& x) {
  auto& last = way_of(x);
  auto result = ballast_rows + (x.rounds - 1) * most_rows;
  // The statement was run, and its changes were not what they had to be.
  auto was_run = last.code == ec::unexpected_changes && last.sql != ignored;
  return result + (was_run ? ballast_rows : 0);
}

const char* const change_everything = change;

} // namespace onewriter::test
