#pragma once

#include "actors/core/database_core.hpp"
#include "onewriter/compat/interface.hpp"

#include <chrono>

namespace onewriter {

struct check_timer_trait {
  using signatures = compat::type_list<
    // Sent by the timer to itself.
    caf::result<void>(check_alerts)>;
};

using check_timer_actor = compat::handle<check_timer_trait>;

/// Starts an actor that sends `check_alerts` to `database` as soon as
/// `interval` has passed since it has handled the last one. Ends when it is
/// told to or when the database has terminated. Runs on the scheduler's
/// threads.
///
/// A delayed message holds its receiver in the thread of CAF's clock, and CAF
/// 0.17 blocks that thread forever if it destroys an actor that has not
/// terminated while 64 other events are waiting. A closed database answers late
/// requests without having terminated, so it gets no delayed messages itself.
check_timer_actor spawn_check_timer(caf::actor_system& sys,
                                    database_core_actor database,
                                    std::chrono::nanoseconds interval);

} // namespace onewriter
