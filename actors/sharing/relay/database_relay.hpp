#pragma once

#include "actors/sharing/relay/batches.hpp"
#include "actors/sharing/relay/direct_writes.hpp"
#include "onewriter/protocol.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

namespace onewriter {

/// What an actor that passes requests on does not pass on.
struct relay_limits {
  /// Whether `close` is passed on; otherwise it gets `ec::not_allowed`.
  bool may_close = false;
  /// Whether `inject_failure` is passed on.
  bool may_inject_failures = false;
  /// Names of functions whose `call` is not passed on.
  std::set<std::string> owner_functions{};
  /// Requests whose replies have not come yet; more get `ec::overloaded`.
  size_t max_in_flight = 4'096;
  /// Approximate bytes of these requests; more get `ec::overloaded`. The
  /// default is that of `queue_options::max_bytes`: one process may fill the
  /// queue, and no more.
  size_t max_request_bytes = 64 * 1024 * 1024;
  /// Approximate bytes of replies that the other process has not acknowledged.
  /// Beyond it, results get `ec::overloaded`, and beyond twice as much the
  /// process is dropped. The default takes the largest result that there is by
  /// default (`options::max_result_bytes`).
  uint64_t max_untaken_bytes = 64 * 1024 * 1024;
  /// How long a process may be silent that has not taken everything, or that
  /// gets progress and alerts, before it is dropped. Much longer than a
  /// process stands still for a debugger's or a disk's sake.
  std::chrono::nanoseconds max_silence{std::chrono::seconds{30}};
};

/// Starts an actor of `sys` that passes requests of a link in another process
/// on to `target`, of this or another actor system of this process, and the
/// replies back, in batches. All actors in messages that pass are represented
/// by actors of `sys`, so that they can be sent to other processes.
///
/// Requests with functions get `ec::not_allowed`: they cannot leave a process.
/// Ends with `target`, and with `user` if that is not empty. If it drops the
/// other process, it ends with the reason.
session_actor spawn_database_relay(caf::actor_system& sys,
                                   database_actor target, caf::actor user,
                                   relay_limits limits, direct_way way);

} // namespace onewriter
