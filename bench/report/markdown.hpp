#pragma once

#include "bench/report/grid.hpp"
#include "bench/report/scaling_section.hpp"

#include <string>
#include <vector>

namespace onewriter::bench {

/// Returns a section with a heading of the second level, the introduction, the
/// plot and one table.
std::string markdown_section(const scaling_section& of);

/// Returns one table, a line for each target.
std::string markdown_targets(const std::vector<finding>& of);

/// Returns one table with the workload in its first column.
std::string markdown_table(const grid& of);

/// Returns a list with an item for each fact.
std::string markdown_list(const facts& of);

} // namespace onewriter::bench
