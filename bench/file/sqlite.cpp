#include "bench/file/sqlite.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace onewriter::bench {

namespace {

[[noreturn]] void fail(sqlite3* db) {
  throw std::runtime_error{sqlite3_errmsg(db)};
}

void check(sqlite3* db, int result) {
  if (result != SQLITE_OK)
    fail(db);
}

std::string setting(const char* name, uint64_t value) {
  return std::string{"PRAGMA "} + name + " = " + std::to_string(value);
}

// What onewriter sets for its writer, as far as it matters for one table of
// plain rows. Checkpoints are SQLite's, after its default number of pages.
void set_up_writer(baseline_connection& db, const options& opts) {
  db.execute("PRAGMA journal_mode = WAL");
  db.execute(
    setting("synchronous", opts.synchronous == synchronous::full ? 2 : 1));
  db.execute(setting("journal_size_limit", opts.wal_limit_bytes));
}

} // namespace

void baseline_closer::operator()(sqlite3* db) const noexcept {
  sqlite3_close(db);
}

void baseline_closer::operator()(sqlite3_stmt* stmt) const noexcept {
  sqlite3_finalize(stmt);
}

// -- connections ----------------------------------------------------------------

baseline_connection::baseline_connection(const options& opts, access what_for) {
  auto flags = what_for == access::read
                 ? SQLITE_OPEN_READONLY
                 : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  auto vfs = opts.vfs.empty() ? nullptr : opts.vfs.c_str();
  sqlite3* raw = nullptr;
  auto result = sqlite3_open_v2(opts.path.c_str(), &raw,
                                flags | SQLITE_OPEN_NOMUTEX, vfs);
  db_.reset(raw);
  check(raw, result);
  check(raw, sqlite3_busy_timeout(raw, baseline_busy_timeout_ms));
  if (what_for == access::write)
    set_up_writer(*this, opts);
  // Negative, because a positive size counts pages.
  execute("PRAGMA cache_size = -" + std::to_string(opts.cache_bytes / 1024));
}

void baseline_connection::execute(const std::string& sql) {
  check(get(), sqlite3_exec(get(), sql.c_str(), nullptr, nullptr, nullptr));
}

bool baseline_connection::is_autocommit() const {
  return sqlite3_get_autocommit(get()) != 0;
}

// -- statements -----------------------------------------------------------------

baseline_statement::baseline_statement(baseline_connection& db,
                                       const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  check(db.get(), sqlite3_prepare_v3(db.get(), sql.c_str(), -1,
                                     SQLITE_PREPARE_PERSISTENT, &raw, nullptr));
  stmt_.reset(raw);
}

void baseline_statement::bind(int index, uint64_t value) {
  check(
    sqlite3_db_handle(stmt_.get()),
    sqlite3_bind_int64(stmt_.get(), index, static_cast<sqlite3_int64>(value)));
}

void baseline_statement::bind(int index, std::string_view text) {
  check(sqlite3_db_handle(stmt_.get()),
        sqlite3_bind_text(stmt_.get(), index, text.data(),
                          static_cast<int>(text.size()), SQLITE_STATIC));
}

bool baseline_statement::step() {
  auto result = advance();
  if (result == SQLITE_BUSY)
    fail(sqlite3_db_handle(stmt_.get()));
  return result == SQLITE_ROW;
}

uint64_t baseline_statement::integer(int column) const {
  return static_cast<uint64_t>(sqlite3_column_int64(stmt_.get(), column));
}

std::string_view baseline_statement::text(int column) const {
  auto data = sqlite3_column_text(stmt_.get(), column);
  auto size = sqlite3_column_bytes(stmt_.get(), column);
  return {reinterpret_cast<const char*>(data), static_cast<size_t>(size)};
}

void baseline_statement::run() {
  while (step())
    continue;
}

bool baseline_statement::run_unless_busy() {
  auto result = SQLITE_ROW;
  while (result == SQLITE_ROW)
    result = advance();
  return result == SQLITE_DONE;
}

int baseline_statement::advance() {
  auto result = sqlite3_step(stmt_.get());
  if (result == SQLITE_ROW)
    return result;
  // The end of the run, where a statement without transaction has committed.
  auto db = sqlite3_db_handle(stmt_.get());
  auto ended = sqlite3_reset(stmt_.get());
  if (result != SQLITE_BUSY && (result != SQLITE_DONE || ended != SQLITE_OK))
    fail(db);
  return result;
}

} // namespace onewriter::bench
