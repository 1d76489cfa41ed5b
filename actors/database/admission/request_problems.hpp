#pragma once

#include "onewriter/protocol.hpp"

namespace onewriter {

// Checks of a request's arguments: `ec::invalid_argument`, none if they are in
// range.

caf::error problem_of(const query& what);

caf::error problem_of(const search& what);

caf::error problem_of(const open_cursor& what);

caf::error problem_of(const integrity_check& what);

caf::error problem_of(const inject_failure& what);

caf::error problem_of(const close& what);

/// Returns whether `x` is one of the three values; a message from another node
/// may hold any number.
bool is_known(priority x);

/// All other requests: their arguments have no ranges, or are checked where
/// they are used.
template <class Request>
caf::error problem_of(const Request&) {
  return {};
}

} // namespace onewriter
