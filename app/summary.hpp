#pragma once

#include "actors/console/styled_line.hpp"
#include "app/demo_result.hpp"

#include <string>
#include <vector>

namespace onewriter::node {

/// Tells people what came of a run, on lines of at most 80 columns, unless the
/// file has a long name.
[[nodiscard]] std::vector<styled_line> summary(const demo_result& what);

/// Tells the same to programs: one JSON object.
[[nodiscard]] std::string summary_json(const demo_result& what);

} // namespace onewriter::node
