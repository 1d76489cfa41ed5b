#pragma once

#include "actors/sharing/join.hpp"
#include "onewriter/config.hpp"
#include "onewriter/log.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace onewriter {

/// The configuration of a `network`.
class network_config : message_types, public caf::actor_system_config {
public:
  explicit network_config(const std::string& secret);
};

/// An actor system of its own for what is exchanged with other processes, with
/// CAF's middleman. What CAF offers to connected processes, such as look-ups in
/// the registry, finds nothing of the embedding program here. CAF's handshake
/// keeps those apart that know different secrets; the gate lets only those in
/// that can show that they know its secret.
///
/// Belongs to a thread that is none of its own. The destructor stops all actors
/// in it, and waits for them.
class network {
public:
  explicit network(const std::string& secret);

  network(const network&) = delete;

  network& operator=(const network&) = delete;

  ~network();

  /// Makes `gate` reachable at a port of the system's choosing of 127.0.0.1,
  /// which is returned, for processes of this user and of root. `log` is told
  /// of others, on the thread of the middleman. Error: `ec::unavailable`.
  caf::expected<uint16_t> publish(const gate_actor& gate, log_sink log);

  /// Joins the owner at this endpoint. Errors: `ec::unavailable` if there is
  /// none, or with another secret; those of the gate.
  caf::expected<caf::actor> join(const std::string& host, uint16_t port);

  caf::actor_system& system() {
    return system_;
  }

private:
  // Checks the owner's proof, and adds this process's to `what`.
  caf::error prove(const gate_actor& gate, onewriter::join& what);

  std::string secret_;
  network_config config_;
  caf::actor_system system_;
  // Of a process that has joined.
  caf::actor presence_;
  gate_actor gate_;
};

/// Starts an actor that does nothing, and ends with the others of `sys`: other
/// processes watch it to see this one leave.
caf::actor spawn_presence(caf::actor_system& sys);

/// The address at which owners listen.
inline constexpr char loopback[] = "127.0.0.1";

} // namespace onewriter
