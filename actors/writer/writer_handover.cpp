#include "actors/writer/writer_handover.hpp"

#include "actors/sqlite/base/errors.hpp"

#include <utility>

namespace onewriter {

namespace {

// Returns whether opening the file again cannot succeed before a person has
// fixed it.
bool is_permanent(ec code) {
  switch (code) {
    case ec::corrupt:
    case ec::not_a_database:
    case ec::no_write_ahead_log:
    case ec::network_file_system:
    case ec::newer_schema:
    case ec::missing_feature:
    case ec::file_replaced:
      return true;
    default:
      return false;
  }
}

// The permissions of a file that was open, or of its folder, have changed: they
// may be restored.
bool is_denial(ec code) {
  return code == ec::cannot_open || code == ec::read_only;
}

} // namespace

caf::error writer_handover::take_lock(const std::string& path) {
  if (lock_)
    return sqlite::check_name(lock_->path(), lock_->identity());
  auto lock = sqlite::owner_lock::acquire(path);
  if (!lock)
    return lock.error();
  lock_ = std::move(*lock);
  return {};
}

void writer_handover::release_lock() {
  lock_.reset();
}

caf::error writer_handover::as_damage(const caf::error& reason) const {
  return was_open_ ? sqlite::as_damage(reason) : reason;
}

void writer_handover::note_failed_opening(const caf::error& reason) {
  if (!was_open_ || is_permanent(code_of(reason)))
    rule_out_restart();
}

void writer_handover::note_failure(const caf::error& reason,
                                   bool came_of_request) {
  came_of_request_ = came_of_request;
  // Another file under this name must not be written.
  if (reason == ec::file_replaced)
    rule_out_restart();
}

verdict writer_handover::judge(const caf::error& reason) {
  if (is_permanent_)
    return verdict::give_up;
  auto code = code_of(reason);
  auto passes = sqlite::is_transient(code) || sqlite::is_lasting(code)
                || (was_open_ && is_denial(code));
  auto is_excused = came_of_request_.exchange(false) || passes;
  return is_excused ? verdict::excuse : verdict::count;
}

} // namespace onewriter
