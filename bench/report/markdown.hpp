#pragma once

#include "bench/report/growth_section.hpp"

#include <string>

namespace onewriter::bench {

/// Returns a section with a heading of the second level, the introduction, the
/// plot and one table.
std::string markdown_section(const growth_section& of);

} // namespace onewriter::bench
