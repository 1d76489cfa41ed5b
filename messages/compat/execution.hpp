// What runs actors, for CAF 0.17 and 1.x.
#pragma once

#include <caf/all.hpp>

#include <cstddef>

#if CAF_MAJOR_VERSION >= 1
#  include <caf/detail/default_thread_count.hpp>
#  include <caf/scheduler.hpp>
#else
#  include <caf/scheduler/abstract_coordinator.hpp>
#endif

namespace onewriter::compat {

/// What an actor makes other actors run on: a thread of the scheduler, or any
/// other thread that runs actors.
#if CAF_MAJOR_VERSION >= 1
using execution_context = caf::scheduler;
#else
using execution_context = caf::execution_unit;
#endif

/// Returns the number of the scheduler's threads.
inline size_t worker_count(caf::actor_system& sys) {
#if CAF_MAJOR_VERSION >= 1
  return caf::get_or(sys.config(), "caf.scheduler.max-threads",
                     caf::detail::default_thread_count());
#else
  return sys.scheduler().num_workers();
#endif
}

/// Lets the scheduler run `job`, which has been made runnable.
inline void schedule(caf::actor_system& sys, caf::resumable* job) {
#if CAF_MAJOR_VERSION >= 1
  sys.scheduler().schedule(job);
#else
  sys.scheduler().enqueue(job);
#endif
}

} // namespace onewriter::compat
