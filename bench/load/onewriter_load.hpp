#pragma once

#include "bench/measure/backend.hpp"

namespace onewriter::bench {

/// Client actors that write through a onewriter database in the same process.
backend through_onewriter(caf::actor_system& sys);

} // namespace onewriter::bench
