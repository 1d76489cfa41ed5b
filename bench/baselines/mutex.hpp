#pragma once

#include "bench/arrangement.hpp"

namespace onewriter::bench {

/// One connection behind a mutex, for writers and readers. Each thread has one
/// write on its way at a time, regardless of the task.
arrangement mutex();

} // namespace onewriter::bench
