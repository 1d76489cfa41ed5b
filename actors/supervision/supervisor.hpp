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
  /// Intensity is counted over all children, as in OTP; back-off is reckoned
  /// per child, and starts anew once a child has run for `period`.
  restart_options restarts;
  /// The first children, started in this order. To fail to start is for them as
  /// for any later incarnation: it is tried again.
  std::vector<child_spec> children;
  /// Gets each `child_event`; may be empty.
  caf::actor observer;
  /// Whether it is the observer who ends the others when the supervisor gives
  /// up: they run on until it answers `gave_up` with `stop_children`. For an
  /// observer that passes requests on to them, and has to stop that first: what
  /// is in the mailbox of an actor that ends gets an error of CAF's. Without an
  /// observer this has no effect.
  bool observer_stops_children = false;
  /// Seed of the jitter. Default: another one for each supervisor.
  uint64_t seed = std::random_device{}();
  /// Tells the time by which intensity and quiet periods are measured; tests
  /// bring their own. Pauses pass by CAF's clock in any case.
  std::function<std::chrono::steady_clock::time_point()> clock
    = std::chrono::steady_clock::now;
};

/// Interface of a supervisor. The messages say what they do, what the reply
/// means, whether they may be retried and which errors come.
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
/// - with the child's own error, when its judge says so.
///
/// With `observer_stops_children`, the last two wait for the observer to say
/// so; nothing is restarted or added meanwhile.
///
/// Its end tells whoever supervises it, which may be another supervisor. When
/// it is killed it does not wait for its children but kills them, and so it
/// does when nobody holds its handle any more.
supervisor_actor spawn_supervisor(caf::actor_system& sys,
                                  supervisor_options options);

} // namespace onewriter
