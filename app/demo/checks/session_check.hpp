#pragma once

#include "app/demo/checks/checks.hpp"
#include "app/demo/core/peer_record.hpp"

namespace onewriter::node {

/// Returns the checks of an audit of the sessions, as seen through `source`.
[[nodiscard]] checks session_checks(const session_audit::verdict& verdict,
                                    const std::string& source);

} // namespace onewriter::node
