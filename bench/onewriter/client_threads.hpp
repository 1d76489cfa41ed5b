#pragma once

#include "bench/measure/recorder.hpp"
#include "bench/workload/task.hpp"
#include "onewriter/protocol.hpp"

#include <caf/fwd.hpp>

namespace onewriter::bench {

/// Carries out a task without background load: each client and each reader is a
/// thread with a blocking `onewriter::client`, and has one request on its way
/// at a time. Starts the recorder. Throws `std::runtime_error`.
void run_client_threads(caf::actor_system& sys, const database_actor& database,
                        const task& what, recorder& records);

} // namespace onewriter::bench
