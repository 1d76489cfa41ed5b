#include "bench/raw.hpp"

#include "actors/policy/histogram.hpp"

#include <sqlite3.h>

#include <memory>
#include <stdexcept>

namespace onewriter::bench {

namespace {

struct closer {
  void operator()(sqlite3* db) const {
    sqlite3_close(db);
  }

  void operator()(sqlite3_stmt* stmt) const {
    sqlite3_finalize(stmt);
  }
};

using database = std::unique_ptr<sqlite3, closer>;

using prepared = std::unique_ptr<sqlite3_stmt, closer>;

void check(sqlite3* db, bool ok) {
  if (!ok)
    throw std::runtime_error{sqlite3_errmsg(db)};
}

database open(const std::string& path) {
  sqlite3* raw = nullptr;
  auto flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  auto result = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  database db{raw};
  check(raw, result == SQLITE_OK);
  return db;
}

void execute(sqlite3* db, const std::string& sql) {
  check(db,
        sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
}

prepared prepare(sqlite3* db, const char* sql) {
  sqlite3_stmt* raw = nullptr;
  check(db, sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &raw,
                               nullptr)
              == SQLITE_OK);
  return prepared{raw};
}

void step(sqlite3* db, sqlite3_stmt* stmt) {
  check(db, sqlite3_step(stmt) == SQLITE_DONE);
  check(db, sqlite3_reset(stmt) == SQLITE_OK);
}

void insert(sqlite3* db, sqlite3_stmt* stmt, uint64_t number) {
  sqlite3_bind_int64(stmt, 1, 0);
  sqlite3_bind_int64(stmt, 2, static_cast<sqlite3_int64>(number));
  sqlite3_bind_text(stmt, 3, payload.data(), static_cast<int>(payload.size()),
                    SQLITE_STATIC);
  step(db, stmt);
}

void set_up(sqlite3* db, const options& opts) {
  execute(db, "PRAGMA journal_mode = WAL");
  execute(db, "PRAGMA synchronous = " + to_string(opts.synchronous));
  execute(db,
          "PRAGMA cache_size = -" + std::to_string(opts.cache_bytes / 1024));
  execute(db, "PRAGMA wal_autocheckpoint = "
                + std::to_string(opts.checkpoint_pages));
  execute(db, create_sql);
}

} // namespace

measurement run_raw(const options& opts, size_t rows_per_transaction,
                    std::chrono::nanoseconds length) {
  using clock = std::chrono::steady_clock;
  measurement result;
  {
    auto db = open(opts.path);
    set_up(db.get(), opts);
    auto begin = prepare(db.get(), "BEGIN IMMEDIATE");
    auto commit = prepare(db.get(), "COMMIT");
    auto row = prepare(db.get(), insert_sql);
    auto latencies = std::make_unique<histogram>();
    auto start = clock::now();
    auto last = start;
    while (last - start < length) {
      step(db.get(), begin.get());
      for (size_t i = 0; i < rows_per_transaction; ++i)
        insert(db.get(), row.get(), ++result.rows);
      step(db.get(), commit.get());
      ++result.commits;
      auto now = clock::now();
      latencies->record(now - last);
      last = now;
    }
    result.length = last - start;
    result.p50 = latencies->quantile(0.50);
    result.p99 = latencies->quantile(0.99);
  }
  verify(opts.path, result.rows);
  return result;
}

void verify(const std::string& path, uint64_t rows) {
  auto db = open(path);
  auto count = prepare(db.get(), "SELECT COUNT(*), "
                                 "COUNT(DISTINCT client << 32 | number) "
                                 "FROM item");
  check(db.get(), sqlite3_step(count.get()) == SQLITE_ROW);
  auto found = static_cast<uint64_t>(sqlite3_column_int64(count.get(), 0));
  auto distinct = static_cast<uint64_t>(sqlite3_column_int64(count.get(), 1));
  if (found != rows || distinct != rows)
    throw std::runtime_error{"the file holds " + std::to_string(found)
                             + " rows, " + std::to_string(rows)
                             + " were acknowledged"};
}

} // namespace onewriter::bench
