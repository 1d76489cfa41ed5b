#pragma once

#include "actors/console/styled_line.hpp"
#include "app/demo/summary/demo_result.hpp"

#include <string>
#include <vector>

namespace onewriter::node {

/// Returns the results of a run as text, on lines of at most 80 columns, unless
/// the file has a long name.
[[nodiscard]] std::vector<styled_line> summary(const demo_result& what);

/// Returns the same as one JSON object.
[[nodiscard]] std::string summary_json(const demo_result& what);

} // namespace onewriter::node
