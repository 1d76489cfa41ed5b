#include "actors/writer_session.hpp"

#include "actors/sqlite/errors.hpp"
#include "actors/thrown.hpp"
#include "messages/failure.hpp"

namespace onewriter {

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
  if (broken_ != caf::none)
    return broken_;
  auto changes_before = db_.total_changes();
  auto result = run_caught(what);
  if (!result) {
    if (sqlite::is_fatal(code_of(result.error())) || !db_.in_transaction())
      broken_ = result.error();
    return result;
  }
  auto changed = changes_since(db_, changes_before);
  changes_ = changed;
  all_changes_ += changed;
  if (what.expected_changes >= 0 && changed != what.expected_changes)
    return unexpected_changes(what, changed);
  return result;
}

// A statement that was left in the middle may have done half of its work, and
// the function may take no notice.
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
