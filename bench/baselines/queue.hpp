#pragma once

#include "bench/measure/backend.hpp"

namespace onewriter::bench {

/// The tightest writer thread for one purpose: it owns the only connection that
/// writes, clients queue their values without locks or allocations, each
/// wake-up is one transaction, and after the commit all clients are told. No
/// supervision, no policy, no bounds.
backend queue();

} // namespace onewriter::bench
