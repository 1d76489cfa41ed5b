#pragma once

#include "bench/arrangement.hpp"

namespace onewriter::bench {

/// One connection behind a mutex, for those who write and those who read. Each
/// thread has one write on its way at a time, whatever the task says.
arrangement mutex();

} // namespace onewriter::bench
