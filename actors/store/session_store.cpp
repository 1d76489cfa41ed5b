#include "actors/store/session_store.hpp"

#include "actors/store/idempotency_store.hpp"
#include "actors/support/wall_clock.hpp"
#include "onewriter/failure.hpp"

#include <string>
#include <utility>

namespace onewriter {

namespace {

constexpr const char* load_session_sql
  = "SELECT settled, receipts, used_unix_ms FROM onewriter_session "
    "WHERE name = ?";

constexpr const char* update_session_sql
  = "UPDATE onewriter_session SET settled = ?, receipts = ? WHERE name = ?";

constexpr const char* store_session_sql
  = "INSERT INTO onewriter_session(name, settled, receipts, used_unix_ms) "
    "VALUES(?, ?, ?, ?) ON CONFLICT(name) DO UPDATE SET "
    "settled = excluded.settled, receipts = excluded.receipts, "
    "used_unix_ms = excluded.used_unix_ms";

constexpr const char* forget_sessions_sql
  = "DELETE FROM onewriter_session WHERE id IN (SELECT id FROM "
    "onewriter_session WHERE used_unix_ms < ? LIMIT 1000)";

int64_t to_ms(std::chrono::nanoseconds x) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(x).count();
}

blob to_blob(const session_name& name) {
  return blob(name.begin(), name.end());
}

// Names are random, so that none of a user's keys is the same by accident.
std::string apart_key(const session_name& name, uint64_t number) {
  constexpr auto digits = "0123456789abcdef";
  std::string result = "onewriter-session-";
  for (auto byte : name) {
    result += digits[std::to_integer<unsigned>(byte) / 16];
    result += digits[std::to_integer<unsigned>(byte) % 16];
  }
  return result + "-" + std::to_string(number);
}

caf::error unreadable() {
  return make_failure(ec::corrupt, "a row of the table onewriter_session "
                                   "cannot be read");
}

// Whether the row, of which all but the time is stored, needs a new time, or
// may be missing.
bool is_time_old(const stored_session& what, int64_t now) {
  auto age = now - what.used_unix_ms;
  return age < 0 || age > to_ms(session_time_step);
}

} // namespace

caf::expected<stored_session> load_session(sqlite::connection& db,
                                           const session_name& name) {
  auto found = db.run_internal(load_session_sql, to_blob(name));
  if (!found)
    return found.error();
  stored_session result;
  if (found->rows.empty())
    return result;
  auto& cells = found->rows.front().cells;
  auto settled = std::get_if<int64_t>(&cells.at(0).data);
  auto receipts = std::get_if<blob>(&cells.at(1).data);
  auto used = std::get_if<int64_t>(&cells.at(2).data);
  if (settled == nullptr || receipts == nullptr || used == nullptr)
    return unreadable();
  auto record = decode_session(static_cast<uint64_t>(*settled), *receipts);
  if (!record)
    return record.error();
  result.record = std::move(*record);
  result.bytes = receipts->size();
  result.used_unix_ms = *used;
  return result;
}

caf::error store_session(sqlite::connection& db, const session_name& name,
                         stored_session& what) {
  auto now = unix_ms_now();
  auto receipts = encode(what.record);
  auto settled = static_cast<int64_t>(what.record.settled);
  what.bytes = receipts.size();
  if (!is_time_old(what, now)) {
    auto updated
      = db.run_internal(update_session_sql, settled, receipts, to_blob(name));
    if (!updated)
      return updated.error();
    if (db.changes() == 1)
      return {};
  }
  what.used_unix_ms = now;
  auto stored = db.run_internal(store_session_sql, to_blob(name), settled,
                                std::move(receipts), now);
  return stored ? caf::error{} : stored.error();
}

caf::error store_apart(sqlite::connection& db, const session_name& name,
                       uint64_t number, const write_receipt& receipt) {
  return store_receipt(db, apart_key(name, number), {}, receipt);
}

caf::expected<write_receipt>
find_apart(sqlite::connection& db, const session_name& name, uint64_t number) {
  auto found = find_receipt(db, apart_key(name, number), {});
  if (!found)
    return found.error();
  if (!*found)
    return make_failure(ec::invalid_argument,
                        "the receipt of this number of the session was "
                        "forgotten: the request took effect too long ago");
  return std::move(**found);
}

caf::error forget_sessions(sqlite::connection& db,
                           std::chrono::nanoseconds retention) {
  auto oldest = unix_ms_now() - to_ms(retention) - to_ms(session_time_step);
  auto forgotten = db.run_internal(forget_sessions_sql, oldest);
  return forgotten ? caf::error{} : forgotten.error();
}

} // namespace onewriter
