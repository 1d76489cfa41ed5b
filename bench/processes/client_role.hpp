#pragma once

#include "bench/processes/process_orders.hpp"

namespace onewriter::bench {

/// Carries out orders in a process of its own. It says on standard output, by a
/// `reported_write`, that it is ready, starts when a byte comes on standard
/// input, reports what is acknowledged, and ends early where standard input
/// ends. Returns the exit status.
int run_client_role(const process_orders& orders);

} // namespace onewriter::bench
