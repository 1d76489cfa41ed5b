#include "actors/sqlite/statement/control_statements.hpp"

#include "actors/sqlite/base/errors.hpp"

#include <sqlite3.h>

namespace onewriter::sqlite {

namespace {

// In the order of `control`. A transaction sees a snapshot only from its first
// read on (https://sqlite.org/lang_transaction.html). Among savepoints with one
// name the innermost is used.
constexpr const char* texts[] = {
  "BEGIN IMMEDIATE",
  "BEGIN",
  "SELECT 1 FROM sqlite_schema LIMIT 1",
  "COMMIT",
  "ROLLBACK",
  "SAVEPOINT onewriter",
  "RELEASE onewriter",
  "ROLLBACK TO onewriter",
};

} // namespace

caf::error control_statements::prepare(sqlite3* db) {
  for (size_t i = 0; i < count; ++i) {
    sqlite3_stmt* stmt = nullptr;
    auto rc = sqlite3_prepare_v3(db, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                                 &stmt, nullptr);
    statements_[i].reset(stmt);
    if (rc != SQLITE_OK)
      return make_error(db, rc, texts[i]);
  }
  return {};
}

int control_statements::run(control what) noexcept {
  auto stmt = statements_[static_cast<size_t>(what)].get();
  // The reset returns the error of a failed step.
  sqlite3_step(stmt);
  return sqlite3_reset(stmt);
}

void control_statements::clear() {
  for (auto& stmt : statements_)
    stmt.reset();
}

} // namespace onewriter::sqlite
