#include "actors/writer/writer_session.hpp"

#include "actors/sqlite/base/errors.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/failure.hpp"

namespace onewriter {

namespace {

caf::error outgrown(const statement& what) {
  failure details;
  details.message
    = "the function goes on after a statement that failed, and changes more "
      "than 16 times what the page cache holds: raise cache-bytes, change "
      "fewer "
      "rows at once, or let the function return the error";
  details.sql = what.sql;
  return make_failure(ec::too_big, std::move(details));
}

} // namespace

int64_t changes_since(const sqlite::connection& db, int64_t total_before) {
  return db.total_changes() == total_before ? 0 : db.changes();
}

caf::error unexpected_changes(const statement& what, int64_t changed) {
  failure details;
  details.message = "the statement changed " + std::to_string(changed)
                    + " rows and had to change "
                    + std::to_string(what.expected_changes);
  details.sql = what.sql;
  return make_failure(ec::unexpected_changes, std::move(details));
}

caf::expected<result_set> writer_session::run(const statement& what) {
  if (broken_ != caf::none) {
    refused_ = true;
    return broken_;
  }
  auto changes_before = db_.total_changes();
  auto result = run_caught(what);
  if (!result) {
    note_failure(what, result.error());
    return result;
  }
  if (db_.keeps_too_much())
    return broken_ = onewriter::outgrown(what);
  auto changed = changes_since(db_, changes_before);
  changes_ = changed;
  all_changes_ += changed;
  if (what.expected_changes >= 0 && changed != what.expected_changes)
    return unexpected_changes(what, changed);
  return result;
}

void writer_session::note_failure(const statement& what,
                                  const caf::error& reason) {
  auto code = code_of(reason);
  // The time limit stays exceeded, and the database closed: a function that
  // continues would commit a part.
  auto is_over = code == ec::run_limit_exceeded || code == ec::closed;
  if (sqlite::is_fatal(code) || is_over || !db_.in_transaction())
    broken_ = reason;
  else if (outgrown_ = db_.has_spilled(); outgrown_)
    broken_ = onewriter::outgrown(what);
}

// An interrupted statement may have done half of its work, and the function may
// ignore that.
caf::expected<result_set> writer_session::run_caught(const statement& what) {
  try {
    return db_.run(what, limits_);
  } catch (...) {
    return thrown_error("the statement");
  }
}

int64_t writer_session::changes() const {
  return changes_;
}

int64_t writer_session::last_insert_rowid() const {
  return db_.last_insert_rowid();
}

} // namespace onewriter
