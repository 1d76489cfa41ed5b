#pragma once

#include "actors/supervision/supervision.hpp"
#include "onewriter/compat/interface.hpp"
#include "onewriter/options.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

namespace onewriter {

struct supervisor_options {
  /// Intensity is counted over all children, as in OTP; back-off is counted per
  /// child, and starts again once a child has run for `period`. After ends that
  /// are excused it is counted separately, up to 100 ms or the initial delay.
  restart_options restarts;
  /// The first children, started in this order. A failed start is retried, as
  /// for any later incarnation.
  std::vector<child_spec> children;
  /// Receives each `child_event`; may be empty.
  caf::actor observer;
  /// Whether the observer ends the other children when the supervisor gives up:
  /// they run until it answers `gave_up` with `stop_children`. For an observer
  /// that forwards requests to them and has to stop that first: messages in the
  /// mailbox of an actor that ends get an error of CAF's. Without an observer
  /// this has no effect.
  bool observer_stops_children = false;
  /// Seed of the jitter. Default: a different one for each supervisor.
  uint64_t seed = std::random_device{}();
  /// The clock for intensity and quiet periods; tests pass their own. Pauses
  /// always use CAF's clock.
  std::function<std::chrono::steady_clock::time_point()> clock
    = std::chrono::steady_clock::now;
};

/// Interface of a supervisor. Each message documents its effect, its reply,
/// whether it may be retried, and its errors.
struct supervisor_trait {
  using signatures = compat::type_list<caf::result<caf::actor>(start_child),
                                       caf::result<void>(stop_children),
                                       // Sent to itself.
                                       caf::result<void>(supervisor_timer)>;
};

using supervisor_actor = compat::handle<supervisor_trait>;

/// Starts a supervisor on the scheduler's threads, which it never blocks. It
/// restarts the child that failed and no other (OTP's one_for_one).
///
/// It ends, after it has stopped its children, the last first:
/// - normally, when asked to by `stop_children`;
/// - for the reason given, when it gets an exit message; only that a linked
///   actor ended normally is ignored;
/// - with `ec::restart_limit`, when more restarts would be needed than the
///   intensity allows: the message says which child, how many restarts within
///   which period, and the last error;
/// - with the child's own error, when its judge returns `verdict::give_up`.
///
/// With `observer_stops_children`, the last two wait for the observer's
/// request; until then no child is restarted or added.
///
/// Its own supervisor, if any, observes its end. When it is killed, or when
/// there are no more handles to it, it does not wait for its children but kills
/// them.
supervisor_actor spawn_supervisor(caf::actor_system& sys,
                                  supervisor_options options);

} // namespace onewriter
