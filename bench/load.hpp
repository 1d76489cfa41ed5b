#pragma once

#include "actors/options.hpp"
#include "bench/measurement.hpp"
#include "messages/compat.hpp"

namespace onewriter::bench {

/// `clients` actors that each keep `outstanding` inserts on their way to a
/// database, for as long as `length`; what is on its way then is waited for and
/// counts.
measurement run_load(caf::actor_system& sys, const options& opts,
                     size_t clients, size_t outstanding,
                     std::chrono::nanoseconds length);

} // namespace onewriter::bench
