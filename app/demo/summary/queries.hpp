#pragma once

#include "app/demo/summary/demo_result.hpp"

#include <string>
#include <vector>

namespace onewriter::node {

/// Returns statements to try in the `sqlite3` shell, each on one or more lines
/// of at most 78 columns.
[[nodiscard]] std::vector<std::string> queries_to_try(const demo_result& what);

} // namespace onewriter::node
