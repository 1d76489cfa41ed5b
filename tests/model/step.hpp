#pragma once

#include "onewriter/write.hpp"

#include <cstdint>
#include <string>

namespace onewriter::test {

/// What a sender does in one step of a sequence.
enum class action : uint8_t {
  // -- writes; each adds rows that nothing else adds ---------------------------
  write_rows,
  write_returning,
  write_if_version,
  write_with_key,
  write_that_fails,
  turn_gate,
  call_function,
  call_with_key,
  run_transaction,
  run_failing_transaction,
  /// Fails after it has changed more than fits into the page cache; nothing
  /// where resources are not tiny.
  send_burden,
  /// The same in a function that swallows the error and succeeds.
  bear_burden,
  // -- requests without a caller -----------------------------------------------
  forget_write,
  forget_gated_write,
  forget_failing_write,
  send_best_effort,
  send_failing_best_effort,
  // -- reads ----------------------------------------------------------------------
  query_rows,
  open_cursor,
  read_page,
  // -- the full-text index ----------------------------------------------------------
  index_text,
  index_file,
  cancel_index,
  remove_document,
  search,
  // -- dead letters -------------------------------------------------------------------
  replay_letter,
  discard_letter,
  // -- maintenance --------------------------------------------------------------------
  ask_statistics,
  checkpoint,
  backup,
  check_integrity,
  /// Looks at what would be found if the process were killed.
  recover_copy,
  pin_log,
  // -- faults ---------------------------------------------------------------------------
  fail_connection,
  throw_exception,
  fail_sync,
  report_failed_sync,
  // -- order ----------------------------------------------------------------------------
  /// Waits for all replies of one sender, or of all.
  collect,
  collect_all,
  /// Sends `close`; once all replies are there the file is opened again.
  close_in_order,
  close_in_haste,
};

inline constexpr size_t action_count
  = static_cast<size_t>(action::close_in_haste) + 1;

/// How long a request may wait.
enum class patience_of : uint8_t {
  endless,
  /// A deadline that no request outlives here.
  long_enough,
  /// A deadline that has passed when the request is looked at.
  expired,
  negative,
};

/// One step of a sequence. Its meaning does not depend on the other steps, so
/// that a sequence can be made smaller.
struct step {
  action what = action::collect_all;
  /// Its place in the sequence as it was drawn, from 1: names what it writes.
  uint64_t number = 0;
  uint32_t sender = 0;
  enum priority priority = priority::normal;
  patience_of patience = patience_of::endless;
  /// A random number, of which the step takes what it has to choose.
  uint32_t choice = 0;

  /// Returns one of `count` possibilities; each `salt` chooses again.
  uint32_t pick(uint32_t count, uint32_t salt = 0) const;
};

/// Returns the step in one line, without its end.
std::string to_string(const step& x);

/// Returns the name of an action.
const char* to_string(action x);

} // namespace onewriter::test
