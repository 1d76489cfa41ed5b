#include "actors/database/admission/request_problems.hpp"

#include "onewriter/failure.hpp"

#include <string>

namespace onewriter {

namespace {

caf::error not_negative(const char* name, std::chrono::nanoseconds x) {
  if (x >= x.zero())
    return {};
  return make_failure(ec::invalid_argument,
                      std::string{name} + ": must not be negative");
}

} // namespace

caf::error problem_of(const query& what) {
  return not_negative("deadline", what.deadline);
}

caf::error problem_of(const search& what) {
  return not_negative("deadline", what.deadline);
}

caf::error problem_of(const open_cursor& what) {
  auto err = problem_of(what.what);
  return err == caf::none ? not_negative("idle_limit", what.idle_limit) : err;
}

caf::error problem_of(const integrity_check& what) {
  return not_negative("deadline", what.deadline);
}

caf::error problem_of(const inject_failure& what) {
  failure_kind ignored;
  if (from_integer(static_cast<uint8_t>(what.kind), ignored))
    return {};
  return make_failure(ec::invalid_argument,
                      "kind: must be connection or exception");
}

caf::error problem_of(const close& what) {
  return not_negative("limit", what.limit);
}

bool is_known(priority x) {
  priority ignored;
  return from_integer(static_cast<uint8_t>(x), ignored);
}

} // namespace onewriter
