#pragma once

#include "actors/console/styled_line.hpp"
#include "app/audit/core/facts.hpp"
#include "app/audit/judge/findings.hpp"

#include <vector>

namespace onewriter::node {

/// Returns the report of an audit, for a terminal of 80 columns.
[[nodiscard]] std::vector<styled_line>
report_text(const audit_facts& facts, const std::vector<finding>& findings);

} // namespace onewriter::node
