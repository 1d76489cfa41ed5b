#pragma once

#include "onewriter/compat/setup.hpp"

#include <string>

namespace onewriter {

/// Configuration key for the number of scheduler threads.
inline constexpr char max_threads_key[]
  = ONEWRITER_CAF_KEY("scheduler.max-threads");

/// Returns what is wrong with the scheduler's options, for people; empty where
/// nothing is. Without a thread, a CAF 0.17 system would wait for ever.
std::string scheduler_problem(const caf::actor_system_config& cfg);

/// Gives the scheduler as many threads as there are processors, at least two,
/// and one queue for all of them, where an idle one sleeps until there is work.
/// By itself CAF starts four where there are two, each with a queue of its own,
/// and an idle one sleeps for up to 10 ms between two looks at the others'. For
/// programs whose actor system is their own.
void set_up_scheduler(caf::actor_system_config& cfg);

} // namespace onewriter
