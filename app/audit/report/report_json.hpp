#pragma once

#include "app/audit/core/facts.hpp"
#include "app/audit/judge/findings.hpp"

#include <string>
#include <vector>

namespace onewriter::node {

/// Returns one JSON object with all facts and findings, without a line break at
/// the end. Unknown values are null.
[[nodiscard]] std::string report_json(const audit_facts& facts,
                                      const std::vector<finding>& findings);

} // namespace onewriter::node
