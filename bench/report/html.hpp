#pragma once

#include "bench/results.hpp"

#include <string>

namespace onewriter::bench {

/// Returns a page with the facts, the tables and the plots. It needs no other
/// files and no scripts, and has a dark look for readers who prefer that.
std::string to_html(const results& of);

} // namespace onewriter::bench
