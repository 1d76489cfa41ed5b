#pragma once

#include "actors/console/styled_line.hpp"
#include "app/audit/source/source_scan.hpp"

#include <string>
#include <vector>

namespace onewriter::node {

/// Returns the places in the tree `folder` as lines for a terminal; paths are
/// relative to it.
[[nodiscard]] std::vector<styled_line>
source_report(const std::string& folder, const source_places& found);

/// Returns the same as one JSON object, without a line break at the end.
[[nodiscard]] std::string source_json(const std::string& folder,
                                      const source_places& found);

} // namespace onewriter::node
