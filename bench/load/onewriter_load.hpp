#pragma once

#include "bench/arrangement.hpp"

namespace onewriter::bench {

/// Client actors that write through a onewriter database in the same process.
arrangement through_onewriter(caf::actor_system& sys);

} // namespace onewriter::bench
