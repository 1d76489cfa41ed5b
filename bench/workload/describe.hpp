#pragma once

#include "bench/workload/task.hpp"

#include <string>

namespace onewriter::bench {

std::string to_string(background_load x);

/// `1 row of 100 bytes a write`, and what else is special.
std::string describe(const row_shape& x);

/// One sentence that describes the load, without the full stop.
std::string describe(const task& what);

} // namespace onewriter::bench
