#pragma once

#include "app/demo/checks/checks.hpp"
#include "app/demo/swarm/expected_state.hpp"

namespace onewriter::node {

/// Checks what can be checked without the file: whether the replies to all
/// callers are free of errors, and whether the counters add up.
[[nodiscard]] checks expectation_checks(const expected_state& what);

} // namespace onewriter::node
