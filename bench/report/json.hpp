#pragma once

#include "bench/results/results.hpp"

#include <string>

namespace onewriter::bench {

/// Everything that was measured, as one JSON value without a line break at the
/// end. Members say their units; a figure that there is none of is null.
std::string to_json(const results& of);

} // namespace onewriter::bench
