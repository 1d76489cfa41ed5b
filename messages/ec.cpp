#include "onewriter/ec.hpp"

#include "messages/enum_names.hpp"

namespace onewriter {

namespace {

constexpr enum_names<ec, ec_count> ec_names{{
  "none",
  "overloaded",
  "busy",
  "disk_full",
  "io_error",
  "out_of_memory",
  "deadline_exceeded",
  "unavailable",
  "outcome_unknown",
  "invalid_sql",
  "empty_statement",
  "multiple_statements",
  "invalid_parameters",
  "not_allowed",
  "constraint_violated",
  "unexpected_changes",
  "too_big",
  "invalid_text",
  "not_a_number",
  "run_limit_exceeded",
  "not_a_query",
  "idempotency_mismatch",
  "no_such_function",
  "function_failed",
  "no_such_index",
  "invalid_search",
  "unreadable_document",
  "document_changed",
  "cancelled",
  "no_such_dead_letter",
  "cursor_closed",
  "invalid_argument",
  "target_exists",
  "closed",
  "corrupt",
  "not_a_database",
  "cannot_open",
  "read_only",
  "no_write_ahead_log",
  "network_file_system",
  "newer_schema",
  "missing_feature",
  "file_replaced",
  "restart_limit",
  "internal",
  "file_size_limit",
}};

} // namespace

advice advice_of(ec code) {
  if (code == ec::none)
    return advice::none;
  if (code < ec::outcome_unknown || code == ec::document_changed)
    return advice::retry;
  if (code == ec::outcome_unknown)
    return advice::check_outcome;
  return code < ec::closed ? advice::fix_request : advice::give_up;
}

std::string to_string(advice x) {
  switch (x) {
    case advice::none:
      return "none";
    case advice::retry:
      return "retry";
    case advice::check_outcome:
      return "check_outcome";
    case advice::fix_request:
      return "fix_request";
    default:
      return "give_up";
  }
}

std::string to_string(ec x) {
  return ec_names.name(x);
}

bool from_string(std::string_view str, ec& x) {
  return ec_names.parse(str, x);
}

bool from_integer(uint8_t value, ec& x) {
  return ec_names.convert(value, x);
}

} // namespace onewriter
