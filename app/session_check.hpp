#pragma once

#include "app/checks.hpp"
#include "app/ledger.hpp"

namespace onewriter::node {

/// Says what an audit of the sessions came to, as seen through `source`.
[[nodiscard]] checks session_checks(const session_audit::verdict& verdict,
                                    const std::string& source);

} // namespace onewriter::node
