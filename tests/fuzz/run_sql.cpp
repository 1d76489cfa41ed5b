// The SQL admission path: what users send as a write, a query or a search
// leaves the connection as it was, with any text, and ends in time.
//
// Input: "w" for a write that is rolled back, "c" for one that is committed,
// "q" for a query, "s" for a search; then the SQL or the expression. An empty
// line parts the statements of a write.
#include "actors/index/tables/search.hpp"
#include "actors/writer/write_batch.hpp"
#include "onewriter/failure.hpp"
#include "tests/fuzz/sql_fixture.hpp"
#include "tests/fuzz/verdict.hpp"

#include <string_view>

using namespace onewriter;
using namespace onewriter::test;

namespace {

constexpr auto run_limit = std::chrono::milliseconds{50};

// Beyond this neither a statement nor SQLite's parser gets more interesting.
constexpr size_t most_bytes = 4'096;

sql_fixture& fixture() {
  static sql_fixture result;
  return result;
}

pending_write_ptr write_of(std::string_view sql) {
  write what;
  while (!sql.empty()) {
    auto end = sql.find("\n\n");
    what.then(std::string{sql.substr(0, end)});
    sql.remove_prefix(end == std::string_view::npos ? sql.size() : end + 2);
  }
  if (what.statements.empty())
    what.then("");
  auto result = std::make_shared<pending_write>();
  result->request = std::move(what);
  result->run_limit = run_limit;
  return result;
}

// Only what was made to fail from outside spoils a connection.
void check_error(const caf::error& err) {
  auto code = err == caf::none ? ec::none : code_of(err);
  must(advice_of(code) != advice::give_up && code != ec::io_error
         && code != ec::outcome_unknown,
       describe(err));
}

void run_write(std::string_view sql, bool commits) {
  auto& db = fixture().writer();
  auto before = fixture().state(db);
  request_runner runner{db, fixture().opts()};
  write_batch batch{db, runner, run_limit, fixture().mark};
  must(batch.begin() == caf::none, "cannot begin");
  // After an error of the whole batch the owner opens the file again.
  if (auto err = batch.add(write_of(sql)); err != caf::none) {
    check_error(err);
    return fixture().rebuild();
  }
  must(db.in_transaction(), "the transaction is gone");
  if (commits)
    check_error(batch.commit());
  else
    batch.abandon();
  must(!db.in_transaction(), "the transaction is open");
  auto after = fixture().state(db);
  must(before == after,
       "the write left something behind\n" + before + "----\n" + after);
  if (commits)
    fixture().rebuild();
}

template <class F>
void run_on_reader(F run) {
  auto& db = fixture().reader();
  auto before = fixture().state(db) + fixture().state(fixture().writer());
  must(db.begin_read() == caf::none, "cannot begin");
  db.set_run_deadline(std::chrono::steady_clock::now() + run_limit);
  check_error(run(db));
  db.set_run_deadline(std::nullopt);
  must(db.in_transaction(), "the transaction is gone");
  db.rollback();
  auto after = fixture().state(db) + fixture().state(fixture().writer());
  must(before == after,
       "the query left something behind\n" + before + "----\n" + after);
}

caf::error run_query(sqlite::connection& db, std::string_view sql) {
  auto& opts = db.options();
  auto rows = db.run(statement{std::string{sql}},
                     opts.limits(sqlite::on_limit::truncate));
  return rows ? caf::error{} : rows.error();
}

caf::error run_expression(sqlite::connection& db, std::string_view what) {
  search request;
  request.index = "notes";
  request.expression = what;
  auto hits = run_search(db, request);
  return hits ? caf::error{} : hits.error();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2 || size > most_bytes)
    return 0;
  std::string_view input{reinterpret_cast<const char*>(data), size};
  auto rest = input.substr(1);
  switch (input.front()) {
    case 'q':
      run_on_reader([&](auto& db) { return run_query(db, rest); });
      break;
    case 's':
      run_on_reader([&](auto& db) { return run_expression(db, rest); });
      break;
    case 'c':
      run_write(rest, true);
      break;
    case 'w':
      run_write(rest, false);
      break;
    default:
      // Other letters would only be other names for these.
      return -1;
  }
  return 0;
}
