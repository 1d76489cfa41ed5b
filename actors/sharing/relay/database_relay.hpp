#pragma once

#include "onewriter/protocol.hpp"

#include <cstddef>

namespace onewriter {

/// What an actor that passes requests on does not pass on.
struct relay_limits {
  /// Whether `close` is passed on; otherwise it gets `ec::not_allowed`.
  bool may_close = false;
  /// Whether `inject_failure` is passed on.
  bool may_inject_failures = false;
  /// Requests whose replies have not come yet; more get `ec::overloaded`.
  size_t max_in_flight = 4'096;
};

/// Starts an actor of `sys` that passes requests on to `target`, of this or
/// another actor system of the process, and the replies back. All actors in
/// messages that pass are represented by actors of `sys`, so that they can be
/// sent to other processes.
///
/// Requests with functions get `ec::not_allowed`: they cannot leave a process.
/// Ends with `target`, and with `user` if that is not empty.
database_actor spawn_database_relay(caf::actor_system& sys,
                                    database_actor target, caf::actor user,
                                    relay_limits limits);

} // namespace onewriter
