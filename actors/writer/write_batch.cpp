#include "actors/writer/write_batch.hpp"

#include "actors/sqlite/base/errors.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace onewriter {

namespace {

caf::error unresolved_foreign_keys(const pending_write& what) {
  failure details;
  details.message = "the request would leave a foreign key without its parent: "
                    "it fails here and not at the commit, where it would take "
                    "other requests with it";
  details.sqlite_code = 787; // SQLITE_CONSTRAINT_FOREIGNKEY
  if (auto request = std::get_if<write>(&what.request))
    if (request->statements.size() == 1) {
      details.statement = 0;
      details.sql = request->statements.front().sql;
    }
  return make_failure(ec::constraint_violated, std::move(details));
}

} // namespace

write_batch::write_batch(sqlite::connection& db, request_runner& runner,
                         std::chrono::nanoseconds run_limit,
                         sqlite::commit_token last)
  : db_{db},
    runner_{runner},
    run_limit_{run_limit},
    last_{last},
    nonces_{std::random_device{}()} {
  // nop
}

caf::error write_batch::begin() {
  return begin(false);
}

caf::error write_batch::begin(bool in_memory) {
  auto err = db_.keep_pages(in_memory);
  if (err == caf::none)
    err = db_.begin_immediate();
  if (err == caf::none) {
    open_ = true;
    running_since_ = clock::now();
  }
  return err;
}

caf::error write_batch::add(pending_write_ptr&& what) {
  members_.emplace_back().what = std::move(what);
  auto ruined = false;
  if (auto err = run_last(ruined); err != caf::none || !ruined)
    return err;
  if (auto err = run_again(false); err != caf::none)
    return err;
  return begin();
}

caf::error write_batch::commit() {
  if (!open_)
    return {};
  if (members_.empty()) {
    abandon();
    return {};
  }
  return commit_members();
}

void write_batch::abandon() noexcept {
  db_.rollback();
  runner_.sessions().undone();
  open_ = false;
}

void write_batch::take_outcomes(std::vector<outcome>& to) {
  to.clear();
  to.swap(decided_);
}

std::vector<pending_write_ptr> write_batch::take_unfinished() {
  std::vector<pending_write_ptr> result;
  result.reserve(members_.size() + again_.size());
  for (auto& member : members_)
    result.push_back(std::move(member.what));
  for (auto& member : again_)
    result.push_back(std::move(member.what));
  members_.clear();
  again_.clear();
  return result;
}

// -- running one request --------------------------------------------------------

write_batch::effect write_batch::run(outcome& member) {
  auto& what = *member.what;
  auto limit
    = what.run_limit == what.run_limit.zero() ? run_limit_ : what.run_limit;
  // Stays counted if the connection or a C++ exception ends the batch.
  ++what.attempts;
  db_.set_run_deadline(running_since_ + limit, !is_housekeeping(what));
  has_suspect_ = true;
  auto result = run_caught(member);
  has_suspect_ = result == effect::fatal;
  db_.set_run_deadline(std::nullopt);
  db_.watch_schema();
  auto now = clock::now();
  member.duration += now - running_since_;
  running_since_ = now;
  if (result != effect::fatal)
    --what.attempts;
  return result;
}

// The rollback of the transaction also undoes all remains of the request.
write_batch::effect write_batch::run_caught(outcome& member) {
  try {
    auto result = run_guarded(member);
    auto is_short = code_of(member.error) == ec::out_of_memory;
    return is_short ? effect::ruined : result;
  } catch (...) {
    member.error = thrown_error("the request");
    return effect::ruined;
  }
}

write_batch::effect write_batch::run_guarded(outcome& member) {
  auto& what = *member.what;
  auto guarded = request_runner::needs_savepoint(what);
  auto changes_before = db_.total_changes();
  if (guarded)
    if (member.error = db_.savepoint(); member.error != caf::none)
      return effect::fatal;
  member.error = runner_.run(what, last_.number + 1, member.receipt);
  if (member.error == caf::none)
    member.error = db_.check_schema();
  if (member.error == caf::none && db_.has_unresolved_foreign_keys())
    member.error = unresolved_foreign_keys(what);
  if (member.error == caf::none && guarded)
    member.error = db_.release_savepoint();
  if (member.error == caf::none) {
    runner_.sessions().confirm();
    return effect::joined;
  }
  if (sqlite::is_fatal(code_of(member.error)))
    return effect::fatal;
  return after_failure(guarded, changes_before);
}

write_batch::effect write_batch::after_failure(bool guarded,
                                               int64_t changes_before) {
  if (runner_.wants_own_transaction() && !members_.back().alone)
    return effect::crowded;
  if (!db_.in_transaction() || db_.has_spilled())
    return effect::ruined;
  if (guarded)
    return db_.rollback_to_savepoint() == caf::none ? effect::undone
                                                    : effect::ruined;
  auto left_something = db_.total_changes() != changes_before
                        || db_.has_changed_schema()
                        || db_.has_unresolved_foreign_keys();
  return left_something ? effect::ruined : effect::undone;
}

// -- running requests again -----------------------------------------------------

// Runs the last member. If it ruins the transaction, it is decided and all
// others are set aside to be run again.
caf::error write_batch::run_last(bool& ruined) {
  auto result = run(members_.back());
  if (result == effect::fatal)
    return members_.back().error;
  if (result == effect::joined)
    return {};
  if (result == effect::crowded)
    members_.back().alone = true;
  else
    decide_last();
  if (result != effect::undone) {
    ruined = true;
    ++repeated_;
    abandon();
    set_members_aside();
    if (db_.in_transaction())
      return make_failure(ec::out_of_memory, "a transaction cannot be undone");
  }
  return {};
}

void write_batch::set_members_aside() {
  again_.insert(again_.begin(), std::make_move_iterator(members_.begin()),
                std::make_move_iterator(members_.end()));
  members_.clear();
}

// Runs and commits the requests set aside. Terminates, because a request that
// ruins a round is decided in it, or runs alone in the next.
caf::error write_batch::run_again(bool each_alone) {
  while (!again_.empty()) {
    auto alone = each_alone || again_.front().alone;
    if (alone)
      if (auto err = commit(); err != caf::none)
        return err;
    if (!open_)
      if (auto err = begin(again_.front().alone); err != caf::none)
        return err;
    auto& member = members_.emplace_back(std::move(again_.front()));
    again_.pop_front();
    member.receipt = {};
    member.error = {};
    auto ruined = false;
    if (auto err = run_last(ruined); err != caf::none)
      return err;
    if (alone || again_.empty())
      if (auto err = commit(); err != caf::none)
        return err;
  }
  return {};
}

// -- the end --------------------------------------------------------------------

caf::error write_batch::commit_members() {
  sqlite::commit_token mark{last_.number + 1, nonces_() >> 1};
  auto err
    = caught("storing receipts", [this] { return runner_.sessions().save(); });
  if (err == caf::none)
    err = sqlite::store_commit_token(db_, mark);
  if (err != caf::none)
    return code_of(err) == ec::out_of_memory ? commit_each(std::move(err))
                                             : err;
  if (err = db_.check_before_commit(); err != caf::none)
    return err;
  // Afterwards nothing may fail.
  if (!decided_.empty())
    decided_.reserve(decided_.size() + members_.size());
  if (err = commit_now(mark); err != caf::none)
    return after_failed_commit(std::move(err), mark);
  open_ = false;
  runner_.sessions().committed();
  last_ = mark;
  ++commits_;
  auto shared = static_cast<uint32_t>(members_.size());
  for (auto& member : members_)
    if (!member.receipt.repeated) {
      member.receipt.commit = mark.number;
      member.receipt.shared = shared;
    }
  if (decided_.empty())
    decided_.swap(members_);
  else
    std::move(members_.begin(), members_.end(), std::back_inserter(decided_));
  members_.clear();
  return {};
}

caf::error write_batch::commit_now(sqlite::commit_token mark) {
  try {
    auto err = db_.commit();
    // Another program may have been faster than the commit.
    return err == caf::none ? db_.check_files() : err;
  } catch (...) {
    put_in_doubt(mark);
    throw;
  }
}

// A constraint that was violated only at commit belongs to one request: each
// request is tried in its own transaction.
caf::error write_batch::after_failed_commit(caf::error reason,
                                            sqlite::commit_token mark) {
  if (!sqlite::is_fatal(code_of(reason)))
    return commit_each(std::move(reason));
  put_in_doubt(mark);
  return reason;
}

void write_batch::put_in_doubt(sqlite::commit_token mark) noexcept {
  has_suspect_ = members_.size() == 1;
  for (auto& member : members_) {
    auto& what = *member.what;
    ++what.attempts;
    what.uncertain_commit = mark;
    what.reply.may_be_done(true);
    what.receipt = std::move(member.receipt);
    what.receipt.commit = mark.number;
    what.receipt.shared = static_cast<uint32_t>(members_.size());
  }
}

// Nothing was committed, and that is certain.
caf::error write_batch::commit_each(caf::error reason) {
  abandon();
  if (members_.size() == 1) {
    members_.back().error = std::move(reason);
    decide_last();
    return {};
  }
  ++repeated_;
  set_members_aside();
  return run_again(true);
}

void write_batch::decide_last() {
  decided_.push_back(std::move(members_.back()));
  members_.pop_back();
}

} // namespace onewriter
