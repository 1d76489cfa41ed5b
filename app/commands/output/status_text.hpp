#pragma once

#include "app/commands/output/json_text.hpp"
#include "onewriter/maintenance.hpp"
#include "onewriter/statistics.hpp"

#include <string>
#include <vector>

namespace onewriter::node {

/// The state of a database on one screen of 80 columns and 24 lines.
[[nodiscard]] std::string status_text(const database_info& info,
                                      const statistics& now);

/// A line of 80 columns at most for each of the slowest requests, three at
/// most.
[[nodiscard]] std::vector<std::string> slow_lines(const statistics& now);

/// All that there is, as JSON.
[[nodiscard]] json status_json(const database_info& info,
                               const statistics& now);

} // namespace onewriter::node
