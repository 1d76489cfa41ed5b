#include "tests/model/requests.hpp"

#include "onewriter/failure.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace onewriter::test {

namespace {

// `entry` and `effort` have no constraint that would hide a second row. The
// counters and what cannot be written twice are there from the beginning.
constexpr const char* schema[] = {
  "CREATE TABLE IF NOT EXISTS entry(id INTEGER PRIMARY KEY AUTOINCREMENT, "
  "content INTEGER NOT NULL, part INTEGER NOT NULL)",
  "CREATE TABLE IF NOT EXISTS effort(id INTEGER PRIMARY KEY AUTOINCREMENT, "
  "key TEXT NOT NULL, number INTEGER NOT NULL)",
  "CREATE TABLE IF NOT EXISTS counter(id INTEGER PRIMARY KEY, "
  "version INTEGER NOT NULL)",
  "INSERT OR IGNORE INTO counter(id, version) VALUES(0, 0), (1, 0), (2, 0)",
  "CREATE TABLE IF NOT EXISTS gate(id INTEGER PRIMARY KEY, "
  "is_open INTEGER NOT NULL)",
  "INSERT OR IGNORE INTO gate(id, is_open) VALUES(1, 0)",
  "CREATE TABLE IF NOT EXISTS taken(id INTEGER PRIMARY KEY)",
  "INSERT OR IGNORE INTO taken(id) VALUES(1)",
  "CREATE TABLE IF NOT EXISTS child(parent INTEGER NOT NULL REFERENCES "
  "taken(id) DEFERRABLE INITIALLY DEFERRED)",
  "CREATE TRIGGER IF NOT EXISTS trap BEFORE DELETE ON taken BEGIN "
  "SELECT RAISE(ROLLBACK, 'the trap'); END",
};

constexpr const char* add_entry
  = "INSERT INTO entry(content, part) VALUES(?, ?)";

constexpr uint64_t keyed_contents = 1'000'000;

// A statement that makes its message fail, and the error of the reply.
struct spoiler {
  const char* sql;
  ec code;
};

constexpr spoiler spoilers[] = {
  {"INSERT INTO taken(id) VALUES(1)", ec::constraint_violated},
  {"INSERT OR ROLLBACK INTO taken(id) VALUES(1)", ec::constraint_violated},
  {"INSERT INTO child(parent) VALUES(99)", ec::constraint_violated},
  {"DELETE FROM taken", ec::constraint_violated},
  {"COMMIT", ec::not_allowed},
  {"INSERT INTO missing(id) VALUES(1)", ec::invalid_sql},
  {"  ", ec::empty_statement},
  {"UPDATE gate SET is_open = ?", ec::invalid_parameters},
  {"DELETE FROM onewriter_dead_letter", ec::not_allowed},
  {"INSERT INTO taken(id) VALUES(2); DELETE FROM taken",
   ec::multiple_statements},
};

constexpr uint32_t spoiler_count = 10;

const spoiler& spoiler_of(const step& x) {
  return spoilers[x.pick(spoiler_count, 1)];
}

bool has_key(action x) {
  return x == action::write_with_key || x == action::call_with_key;
}

// A key stands for few contents, so that it is used again, rightly or wrongly.
uint64_t content_of(const step& x) {
  if (!has_key(x.what))
    return x.number;
  auto kind = x.what == action::call_with_key ? 2u : x.pick(2, 2);
  return keyed_contents + x.pick(3) * 10 + kind;
}

std::string key_of(const step& x) {
  return "key " + std::to_string(x.pick(3));
}

uint32_t rows_of(const step& x) {
  auto content = content_of(x);
  if (has_key(x.what))
    return 1 + static_cast<uint32_t>(content % 3);
  return 1 + x.pick(4, 3);
}

template <class Request>
void add_envelope(const step& x, Request& to) {
  to.priority = x.priority;
  if (x.patience == patience_of::long_enough)
    to.deadline = std::chrono::hours{1};
  else if (x.patience == patience_of::expired)
    to.deadline = std::chrono::nanoseconds{1};
  else if (x.patience == patience_of::negative)
    to.deadline = std::chrono::nanoseconds{-1};
  // One with a limit of its own gets a transaction of its own.
  if (x.pick(16, 5) == 0)
    to.run_limit = std::chrono::minutes{1};
}

/// Adds `rows` rows of `content`, from inside of a function.
caf::error add_entries(session& db, int64_t content, int64_t rows) {
  for (int64_t part = 1; part <= rows; ++part)
    if (auto added = db.run(add_entry, content, part); !added)
      return added.error();
  return {};
}

caf::expected<result_set> enter(session& db, const std::vector<value>& args) {
  row values{args};
  auto [content, rows] = values.as<int64_t, int64_t>();
  if (auto err = add_entries(db, content, rows); err != caf::none)
    return err;
  return result_set{};
}

caf::expected<result_set> move_on(session& db, const step& x,
                                  found_version& found) {
  auto counter = static_cast<int64_t>(x.pick(counter_count, 4));
  auto now = db.run("SELECT version FROM counter WHERE id = ?", counter);
  if (!now)
    return now.error();
  found.version = now->rows.at(0).get<uint64_t>(0);
  auto moved = db.run("UPDATE counter SET version = ? WHERE id = ?",
                      static_cast<int64_t>(found.version + 1), counter);
  if (!moved)
    return moved.error();
  auto what = entry_of(x);
  if (auto err = add_entries(db, static_cast<int64_t>(what.content), what.rows);
      err != caf::none)
    return err;
  return result_set{};
}

} // namespace

write schema_of_model() {
  write result;
  for (auto sql : schema)
    result.then(sql);
  add_burden_tables(result);
  return result;
}

void add_functions(options& to) {
  add_burden_function(to);
  to.functions["enter"] = enter;
  to.functions["enter and fail"]
    = [](session& db, const std::vector<value>& args) {
        auto entered = enter(db, args);
        return entered ? db.run("INSERT INTO taken(id) VALUES(1)") : entered;
      };
}

bool is_write(action x) {
  switch (x) {
    case action::write_rows:
    case action::write_returning:
    case action::write_if_version:
    case action::write_with_key:
    case action::write_that_fails:
    case action::turn_gate:
    case action::forget_write:
    case action::forget_gated_write:
    case action::forget_failing_write:
      return true;
    default:
      return false;
  }
}

bool is_call(action x) {
  return x == action::call_function || x == action::call_with_key;
}

bool is_transaction(action x) {
  return x == action::run_transaction || x == action::run_failing_transaction
         || x == action::bear_burden;
}

entry_request entry_of(const step& x) {
  entry_request result;
  result.priority = x.priority;
  result.content = content_of(x);
  result.rows = rows_of(x);
  result.changes = result.rows;
  result.has_key = has_key(x.what);
  result.forgotten = x.what == action::forget_write
                     || x.what == action::forget_gated_write
                     || x.what == action::forget_failing_write;
  auto moves = x.what == action::write_if_version
               || x.what == action::run_transaction
               || x.what == action::bear_burden;
  if (moves)
    result.counter = static_cast<int>(x.pick(counter_count, 4));
  if (moves || x.what == action::turn_gate
      || x.what == action::forget_gated_write)
    ++result.changes;
  if (x.what == action::bear_burden)
    result.changes += changes_borne(burden_of(x));
  return result;
}

ec certain_error(const step& x) {
  if (x.what == action::run_failing_transaction)
    return ec::function_failed;
  if (x.what == action::write_that_fails
      || x.what == action::forget_failing_write)
    return spoiler_of(x).code;
  if (x.what == action::call_function && x.pick(4, 6) == 0)
    return ec::constraint_violated;
  return ec::none;
}

// -- messages -----------------------------------------------------------------------

write write_of(const step& x, uint64_t version) {
  auto what = entry_of(x);
  write result;
  add_envelope(x, result);
  if (has_key(x.what))
    result.idempotency_key = key_of(x);
  auto then = [&](statement part) {
    result.statements.push_back(std::move(part));
  };
  if (x.what == action::write_if_version)
    then(statement{"UPDATE counter SET version = version + 1 WHERE id = ? AND "
                   "version = ?",
                   what.counter, static_cast<int64_t>(version)}
           .expect(1));
  if (x.what == action::turn_gate)
    then(statement{"UPDATE gate SET is_open = ?", x.pick(2, 7)});
  if (x.what == action::forget_gated_write)
    then(
      statement{"UPDATE gate SET is_open = is_open WHERE is_open"}.expect(1));
  auto spoiled = certain_error(x) != ec::none;
  if (spoiled && x.pick(2, 12) == 0)
    result.then(change_everything).then(change_everything);
  // What fails first leaves nothing, either.
  if (spoiled && x.pick(2, 8) == 0)
    then(statement{spoiler_of(x).sql});
  std::string sql = add_entry;
  if (x.what == action::write_returning)
    sql += " RETURNING id, content, part";
  for (uint32_t part = 1; part <= what.rows; ++part) {
    statement added{sql, static_cast<int64_t>(what.content), part};
    then(x.pick(2, 9) == 0 ? std::move(added).expect(1) : added);
  }
  if (spoiled && x.pick(2, 8) != 0)
    then(statement{spoiler_of(x).sql});
  return result;
}

call call_of(const step& x) {
  auto what = entry_of(x);
  call result{certain_error(x) == ec::none ? "enter" : "enter and fail",
              static_cast<int64_t>(what.content), what.rows};
  add_envelope(x, result);
  if (has_key(x.what))
    result.idempotency_key = key_of(x);
  return result;
}

transaction transaction_of(const step& x,
                           const std::shared_ptr<found_version>& found) {
  transaction result;
  add_envelope(x, result);
  if (x.what == action::bear_burden)
    result.function = [x, found](session& db) -> caf::expected<result_set> {
      if (auto err = bear_burden(db, burden_of(x)); err != caf::none)
        return err;
      return move_on(db, x, *found);
    };
  else if (x.what == action::run_transaction)
    result.function = [x, found](session& db) {
      return move_on(db, x, *found);
    };
  else
    result.function = [x](session& db) -> caf::expected<result_set> {
      found_version ignored;
      if (auto moved = move_on(db, x, ignored); !moved)
        return moved;
      throw std::runtime_error{"as planned"};
    };
  return result;
}

burden burden_of(const step& x) {
  return burden::of(x.choice % 1'000'000 + 1);
}

// Six messages of seven have one of three keys.
best_effort best_effort_of(const step& x) {
  auto bad = x.what == action::send_failing_best_effort;
  if (bad && x.pick(2, 11) == 0)
    return burden_best_effort(burden_of(x));
  auto choice = x.pick(7);
  auto key
    = bad || choice == 6 ? std::string{} : "e" + std::to_string(choice % 3);
  return best_effort{key,
                     bad ? "INSERT INTO missing(key, number) VALUES(?, ?)"
                         : "INSERT INTO effort(key, number) VALUES(?, ?)",
                     key, static_cast<int64_t>(x.number)};
}

document_request document_of(const step& x) {
  constexpr size_t sizes[] = {700, 6'000, 25'000, 90'000};
  document_request result;
  result.key = x.pick(2) == 0 ? "a" : "b";
  if (x.what == action::remove_document)
    return result;
  auto size = x.pick(4, 1);
  result.version = 1 + size;
  result.bytes = document_text(result.version, sizes[size]).size();
  return result;
}

chunked_index index_of(const step& x, const std::string& path) {
  auto what = document_of(x);
  chunked_index result;
  result.index = "notes";
  result.key = what.key;
  result.text = document_text(what.version, what.bytes);
  if (x.what == action::index_file) {
    // A job may be reading it.
    if (!std::filesystem::exists(path))
      std::ofstream{path, std::ios::binary} << result.text;
    result.path = path;
    result.text.clear();
  }
  return result;
}

} // namespace onewriter::test
