#include "actors/store/dead_letter_store.hpp"

#include "onewriter/failure.hpp"

namespace onewriter {

namespace {

// Restores the row if another program has removed it.
constexpr const char* next_id_sql
  = "INSERT INTO onewriter_meta(key, value) VALUES('dead_letter.last_id', "
    "(SELECT coalesce(max(id), 0) + 1 FROM onewriter_dead_letter)) "
    "ON CONFLICT(key) DO UPDATE SET value = value + 1 RETURNING value";

constexpr const char* store_letter_sql
  = "INSERT INTO onewriter_dead_letter(id, function, priority, "
    "idempotency_key, code, error, attempts, first_unix_ms, last_unix_ms) "
    "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)";

constexpr const char* store_statement_sql
  = "INSERT INTO onewriter_dead_letter_statement(letter, position, sql, "
    "expected_changes) VALUES(?, ?, ?, ?)";

constexpr const char* store_parameter_sql
  = "INSERT INTO onewriter_dead_letter_parameter(letter, position, ordinal, "
    "name, value) VALUES(?, ?, ?, ?, ?)";

constexpr const char* update_sql
  = "UPDATE onewriter_dead_letter SET code = ?, error = ?, "
    "attempts = attempts + 1, last_unix_ms = ? WHERE id = ?";

constexpr const char* remove_parameters_sql
  = "DELETE FROM onewriter_dead_letter_parameter WHERE letter = ?";

constexpr const char* remove_statements_sql
  = "DELETE FROM onewriter_dead_letter_statement WHERE letter = ?";

constexpr const char* remove_letter_sql
  = "DELETE FROM onewriter_dead_letter WHERE id = ?";

constexpr const char* list_sql
  = "SELECT id, function, priority, idempotency_key, code, error, attempts, "
    "first_unix_ms, last_unix_ms FROM onewriter_dead_letter "
    "WHERE id > ? ORDER BY id LIMIT 1";

constexpr const char* statements_sql
  = "SELECT sql, expected_changes FROM onewriter_dead_letter_statement "
    "WHERE letter = ? ORDER BY position";

constexpr const char* parameters_sql
  = "SELECT position, name, value FROM onewriter_dead_letter_parameter "
    "WHERE letter = ? ORDER BY position, ordinal";

constexpr const char* count_sql = "SELECT COUNT(*) FROM onewriter_dead_letter";

caf::error no_such_letter(int64_t id) {
  return make_failure(ec::no_such_dead_letter,
                      "there is no dead letter " + std::to_string(id)
                        + "; list_dead_letters returns those that exist");
}

caf::error error_of(const caf::expected<result_set>& x) {
  return x ? caf::error{} : x.error();
}

caf::error store_values(sqlite::connection& db, int64_t id, int64_t position,
                        const std::vector<value>& values,
                        const std::vector<std::string>& names) {
  for (size_t i = 0; i < values.size(); ++i) {
    auto name = i < names.size() ? names[i] : std::string{};
    auto err
      = error_of(db.run_internal(store_parameter_sql, id, position,
                                 static_cast<int64_t>(i), name, values[i]));
    if (err != caf::none)
      return err;
  }
  return {};
}

caf::error store_statement(sqlite::connection& db, int64_t id, int64_t position,
                           const statement& what) {
  auto err = error_of(db.run_internal(store_statement_sql, id, position,
                                      what.sql, what.expected_changes));
  if (err != caf::none)
    return err;
  return store_values(db, id, position, what.parameters, what.names);
}

/// Reads the columns of `list_sql`.
dead_letter letter_of(const row& line) {
  dead_letter result;
  result.id = line.get<int64_t>(0);
  result.function = line.get<std::string>(1);
  from_integer(line.get<uint8_t>(2), result.priority);
  result.idempotency_key = line.get<std::string>(3);
  from_string(line.get<std::string>(4), result.code);
  result.error = line.get<std::string>(5);
  result.attempts = line.get<uint32_t>(6);
  result.first_unix_ms = line.get<int64_t>(7);
  result.last_unix_ms = line.get<int64_t>(8);
  return result;
}

void add_parameter(dead_letter& letter, const row& line) {
  auto position = line.get<size_t>(0);
  auto content = line.get<value>(2);
  if (!letter.function.empty()) {
    letter.arguments.push_back(std::move(content));
  } else if (position < letter.statements.size()) {
    auto& target = letter.statements[position];
    target.parameters.push_back(std::move(content));
    if (auto name = line.get<std::string>(1); !name.empty())
      target.names.push_back(std::move(name));
  }
}

/// The remaining bytes of a list.
class list_room {
public:
  explicit list_room(uint64_t bytes) : left_{bytes} {
    // nop
  }

  /// Subtracts the size of `x`; false if it exceeds the remaining bytes.
  bool take(const result_set& x) {
    auto fits = x.bytes() <= left_;
    left_ -= fits ? x.bytes() : left_;
    return fits;
  }

  /// Returns the limits for a statement whose result has to fit.
  sqlite::result_limits limits() const {
    return {UINT64_MAX, left_, sqlite::on_limit::fail};
  }

private:
  uint64_t left_;
};

void add_statement(dead_letter& letter, const row& line) {
  statement what{line.get<std::string>(0)};
  what.expected_changes = line.get<int64_t>(1);
  letter.statements.push_back(std::move(what));
}

/// Calls `add` with each row that `sql` finds for `letter`. Error:
/// `ec::too_big` if they do not fit into `room`.
template <class F>
caf::error add_rows(sqlite::connection& db, const char* sql,
                    dead_letter& letter, list_room& room, F add) {
  auto found = db.run_internal_within(room.limits(), sql, letter.id);
  if (!found)
    return found.error();
  if (!room.take(*found))
    return make_failure(ec::too_big, "the dead letter is over the size limit");
  for (auto& line : found->rows)
    add(letter, line);
  return {};
}

/// Adds the statements and values of a letter. Error: as for `add_rows`.
caf::error complete(sqlite::connection& db, dead_letter& letter,
                    list_room& room) {
  auto err = add_rows(db, statements_sql, letter, room, add_statement);
  if (err != caf::none)
    return err;
  return add_rows(db, parameters_sql, letter, room, add_parameter);
}

/// Returns the first letter after the number `after`, without its statements
/// and values; one without a number if there is none.
caf::expected<dead_letter> head_after(sqlite::connection& db, int64_t after,
                                      list_room& room) {
  auto found = db.run_internal(list_sql, after);
  if (!found)
    return found.error();
  if (found->rows.empty())
    return dead_letter{};
  auto result = letter_of(found->rows.front());
  result.is_cut = !room.take(*found);
  return result;
}

/// Appends a letter to `to`, or marks `to` as truncated if it has no room.
caf::error append(sqlite::connection& db, dead_letter head, list_room& room,
                  dead_letters& to) {
  auto letter = head;
  auto err = letter.is_cut ? make_failure(ec::too_big, "the head is too big")
                           : complete(db, letter, room);
  if (err != caf::none && code_of(err) != ec::too_big)
    return err;
  if (err == caf::none) {
    to.letters.push_back(std::move(letter));
    return {};
  }
  // The first one is listed in any case: it must be found to be discarded.
  to.truncated = !to.letters.empty();
  if (!to.truncated) {
    head.is_cut = true;
    to.letters.push_back(std::move(head));
  }
  return {};
}

} // namespace

caf::error store_letter(sqlite::connection& db, const dead_letter& letter) {
  auto counted = db.run_internal(next_id_sql);
  if (!counted)
    return counted.error();
  auto id = counted->rows.front().get<int64_t>(0);
  auto stored = db.run_internal(store_letter_sql, id, letter.function,
                                static_cast<int64_t>(letter.priority),
                                letter.idempotency_key, to_string(letter.code),
                                letter.error, letter.attempts,
                                letter.first_unix_ms, letter.last_unix_ms);
  if (!stored)
    return stored.error();
  int64_t position = 0;
  for (auto& what : letter.statements)
    if (auto err = store_statement(db, id, position++, what); err != caf::none)
      return err;
  return store_values(db, id, 0, letter.arguments, {});
}

caf::error update_letter(sqlite::connection& db, const dead_letter& letter) {
  return error_of(db.run_internal(update_sql, to_string(letter.code),
                                  letter.error, letter.last_unix_ms,
                                  letter.id));
}

caf::expected<dead_letter> load_letter(sqlite::connection& db, int64_t id) {
  if (id < 1)
    return no_such_letter(id);
  // An accepted request has to be run completely.
  auto room = list_room{UINT64_MAX};
  auto found = head_after(db, id - 1, room);
  if (!found)
    return found;
  if (found->id != id)
    return no_such_letter(id);
  if (auto err = complete(db, *found, room); err != caf::none)
    return err;
  return found;
}

caf::error remove_letter(sqlite::connection& db, int64_t id) {
  for (auto sql : {remove_parameters_sql, remove_statements_sql})
    if (auto err = error_of(db.run_internal(sql, id)); err != caf::none)
      return err;
  if (auto err = error_of(db.run_internal(remove_letter_sql, id));
      err != caf::none)
    return err;
  return db.changes() == 1 ? caf::error{} : no_such_letter(id);
}

caf::expected<dead_letters> list_letters(sqlite::connection& db,
                                         const list_dead_letters& what,
                                         uint64_t max_bytes) {
  if (what.limit < 1 || what.limit > 10'000)
    return make_failure(ec::invalid_argument, "limit: must be 1 to 10,000");
  dead_letters result;
  auto room = list_room{max_bytes};
  auto after = what.after;
  while (result.letters.size() < what.limit && !result.truncated) {
    if (db.is_past_deadline())
      return make_failure(ec::deadline_exceeded,
                          "the list of dead letters took too long: ask for "
                          "fewer at once");
    auto head = head_after(db, after, room);
    if (!head)
      return head.error();
    if (head->id == 0)
      break;
    after = head->id;
    if (auto err = append(db, std::move(*head), room, result); err != caf::none)
      return err;
  }
  return result;
}

caf::expected<uint64_t> count_letters(sqlite::connection& db) {
  auto found = db.run_internal(count_sql);
  if (!found)
    return found.error();
  return found->rows.front().get<uint64_t>(0);
}

} // namespace onewriter
