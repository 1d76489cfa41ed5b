#pragma once

#include "onewriter/compat/setup.hpp"

#include <string>

namespace onewriter {

/// Configuration key for the number of scheduler threads.
inline constexpr char max_threads_key[]
  = ONEWRITER_CAF_KEY("scheduler.max-threads");

/// Returns a message about invalid scheduler options; empty if they are valid.
/// Without a thread, a CAF 0.17 system would wait forever.
std::string scheduler_problem(const caf::actor_system_config& cfg);

/// Gives the scheduler as many threads as there are processors, at least two,
/// and one shared queue, on which an idle thread sleeps until there is work. By
/// default CAF starts four threads on two processors, each with its own queue,
/// and an idle thread sleeps for up to 10 ms between two checks of the other
/// queues. For programs with their own actor system.
void set_up_scheduler(caf::actor_system_config& cfg);

} // namespace onewriter
