#pragma once

#include "bench/results.hpp"

#include <string>

namespace onewriter::bench {

/// Returns a page with the facts, the tables and the plots. It needs nothing
/// beside itself, no scripts either, and has a dark look for those who prefer
/// that.
std::string to_html(const results& of);

} // namespace onewriter::bench
