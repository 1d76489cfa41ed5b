#pragma once

#include "messages/private_message.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

// Requests to a supervisor and its events. None of them leaves the process.

namespace onewriter {

/// After which ends a child is started again.
enum class restart_type : uint8_t {
  /// After each, also a normal one.
  permanent,
  /// After abnormal ones: all but a normal end and
  /// `caf::exit_reason::user_shutdown`.
  transient,
  /// After none.
  temporary,
};

/// What the end of a child means to its supervisor.
enum class verdict : uint8_t {
  /// A failure: restart the child, as often as the intensity allows.
  count,
  /// A temporary external condition (a full disk, a lock): restart the child,
  /// without a limit.
  excuse,
  /// Permanent, so that restarting cannot help: give up at once.
  give_up,
};

/// Describes a child to its supervisor. The functions run on the supervisor, so
/// they must not block.
struct child_spec {
  /// Identifies the child among its siblings.
  std::string id;
  /// Starts an incarnation of the child. `last_reason` is the reason why the
  /// one before ended or could not be started; `caf::none` for the first.
  /// Throwing or returning an empty handle counts as an abnormal end, with
  /// `ec::out_of_memory` after `std::bad_alloc`, else with `ec::internal`.
  std::function<caf::actor(caf::actor_system&, const caf::error& last_reason)>
    start;
  restart_type restart = restart_type::permanent;
  /// Judges the end of a child that `restart` selects for a restart. Must not
  /// throw. Empty: `verdict::count` for every reason.
  std::function<verdict(const caf::error& reason)> judge;
  /// How long the child may take to end after `caf::exit_reason::user_shutdown`
  /// before it is killed; zero kills it at once, `nanoseconds::max()` never,
  /// which is right for a child that is a supervisor. A killed child still
  /// finishes its current message, and the supervisor waits for that. The
  /// default is OTP's.
  std::chrono::nanoseconds shutdown_limit{std::chrono::seconds{5}};
};

/// Asks a supervisor to add a child behind the others and to start it. Reply:
/// the first incarnation. Retry: safe, a second child of the same name is
/// refused. Errors: `ec::invalid_argument` (the name is taken, or there is no
/// start function), `ec::unavailable` (the supervisor is about to stop), and
/// the error of `child_spec::start`; no child is added then, and only the reply
/// reports it.
struct start_child {
  child_spec spec;
};

/// Asks a supervisor to stop its children, the last first, and to end normally.
/// Reply: nothing, when all have ended. Retry: safe. Error: `ec::unavailable`
/// (the supervisor was killed).
struct stop_children {};

/// What happened to a child.
enum class child_event_kind : uint8_t {
  /// It runs.
  started,
  /// It ended and is going to be started again.
  restarting,
  /// It ended permanently, and the supervisor has removed it.
  stopped,
  /// It ended, and this ends the supervisor. Its siblings have ended before, or
  /// run until `stop_children` if `observer_stops_children` is set.
  gave_up,
};

/// Informs a supervisor's observer about a child.
struct child_event {
  std::string id;
  child_event_kind kind = child_event_kind::started;
  /// The incarnation in question; empty if it could not be started.
  caf::actor child;
  /// Why it ended; for `started`, why the one before ended; for `gave_up`, the
  /// error that the supervisor ends with.
  caf::error reason;
  /// Which restart of the child this is: 0 for its first incarnation, for
  /// `restarting` the upcoming one.
  uint64_t restarts = 0;
  /// For `restarting`: the pause before it.
  std::chrono::nanoseconds delay{0};
};

/// Sent by a supervisor to itself: a pause is over, or the time for an orderly
/// stop.
struct supervisor_timer {
  uint64_t ticket = 0;
};

} // namespace onewriter

ONEWRITER_BEGIN_MESSAGES(supervision, 100)
ONEWRITER_MESSAGE(supervision, start_child)
ONEWRITER_MESSAGE(supervision, stop_children)
ONEWRITER_MESSAGE(supervision, child_event)
ONEWRITER_MESSAGE(supervision, supervisor_timer)
ONEWRITER_END_MESSAGES(supervision, 110)
