#include "tests/model/reply_rules.hpp"

#include "tests/model/requests.hpp"

namespace onewriter::test {

namespace {

bool is_document_step(action x) {
  return x == action::index_text || x == action::index_file;
}

bool has_queue(action x) {
  return x == action::send_burden || is_write(x) || is_call(x)
         || is_transaction(x) || is_document_step(x)
         || x == action::remove_document;
}

bool touches_letters(action x) {
  return x == action::replay_letter || x == action::discard_letter;
}

// What the step itself asks for.
bool is_asked_for(const step& x, ec code) {
  // A letter fails again for the reason that it had.
  if (x.what == action::replay_letter && advice_of(code) == advice::fix_request)
    return true;
  switch (code) {
    case ec::unexpected_changes:
      return x.what == action::write_if_version;
    case ec::idempotency_mismatch:
      return x.what == action::write_with_key
             || x.what == action::call_with_key;
    case ec::no_such_index:
      return x.what == action::search || x.what == action::remove_document;
    case ec::no_such_dead_letter:
      return touches_letters(x.what);
    case ec::unavailable:
      // It is for the writer that is there, and has its own retry.
      return x.what == action::checkpoint;
    case ec::overloaded:
      return x.what == action::open_cursor;
    default:
      // A letter fails again for the reason that it had.
      return x.what == action::replay_letter
             && advice_of(code) == advice::fix_request;
  }
}

// What the circumstances explain.
bool is_explained(const step& x, ec code, const circumstances& now) {
  switch (code) {
    case ec::closed:
      return now.closing;
    case ec::cursor_closed:
      // After a sync that failed every connection is opened again.
      return (now.closing || now.bad_disk) && x.what == action::read_page;
    case ec::overloaded:
      return now.tight_queue && has_queue(x.what);
    case ec::cancelled:
      return now.cancelled && is_document_step(x.what);
    case ec::io_error:
      // No other actor repeats it.
      return now.bad_disk && x.what == action::checkpoint;
    case ec::unavailable:
      return now.bad_disk
             && (x.what == action::backup || x.what == action::check_integrity);
    case ec::outcome_unknown:
      return now.bad_disk;
    default:
      return false;
  }
}

} // namespace

bool is_legal(const step& x, ec code, const circumstances& now) {
  if (x.what == action::send_burden)
    return is_error_of(burden_of(x), code) || is_explained(x, code, now);
  auto can_wait = is_write(x.what) || is_call(x.what) || is_transaction(x.what);
  if (can_wait && x.patience == patience_of::negative)
    return code == ec::invalid_argument || is_explained(x, code, now);
  if (can_wait && x.patience == patience_of::expired
      && code == ec::deadline_exceeded)
    return true;
  if (is_explained(x, code, now))
    return true;
  if (auto certain = certain_error(x); certain != ec::none)
    return code == certain;
  return code == ec::none || is_asked_for(x, code);
}

} // namespace onewriter::test
