#pragma once

#include "bench/measure/backend.hpp"

namespace onewriter::bench {

/// One connection behind a mutex, for writers and readers. Each thread has one
/// write on its way at a time, regardless of the task.
backend mutex();

} // namespace onewriter::bench
