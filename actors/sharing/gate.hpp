#pragma once

#include "actors/database/admission/flow_gate.hpp"
#include "actors/sharing/join.hpp"
#include "actors/sharing/relay/database_relay.hpp"
#include "onewriter/log.hpp"

#include <cstddef>
#include <string>

namespace onewriter {

/// What the owner of a database grants to processes that join.
struct gate_limits {
  relay_limits session;
  /// The flow gate of the database where it is a database actor itself, and not
  /// one that passes requests on.
  flow_gate_ptr direct{};
  /// Processes at a time.
  size_t max_sessions = 256;
  /// What those that join have to know; empty: all that can connect may join.
  std::string secret{};
  /// Is told of processes that are dropped.
  log_sink log{};
};

/// Starts an actor of `sys` that admits other processes to `database`, of any
/// actor system of this process. Each gets an actor of its own, which ends with
/// that process, or with the gate.
gate_actor spawn_gate(caf::actor_system& sys, database_actor database,
                      gate_limits limits);

} // namespace onewriter
