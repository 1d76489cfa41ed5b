#pragma once

#include "app/demo/checks/checks.hpp"
#include "app/demo/swarm/expected_state.hpp"
#include "onewriter/client.hpp"

namespace onewriter::node {

/// Checks the file through the database, while it is open: with a cursor, a
/// query, and its own check of integrity.
[[nodiscard]] checks live_checks(client& db, const expected_state& what,
                                 const check_progress& progress);

} // namespace onewriter::node
