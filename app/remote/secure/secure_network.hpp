#pragma once

#include "app/remote/remote_address.hpp"
#include "app/remote/secure/directory.hpp"
#include "app/remote/secure/sealed_files.hpp"
#include "messages/compat/secure_port.hpp"
#include "onewriter/compat/setup.hpp"
#include "onewriter/config.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace onewriter::node {

/// The messages that only other machines are sent; known before a configuration
/// is constructed.
using remote_types = compat::type_registrar<caf::id_block::onewriter_remote>;

/// The configuration of a `secure_network`.
class secure_config : message_types,
                      remote_types,
                      public caf::actor_system_config {
public:
  secure_config(const tls_files& files, std::chrono::nanoseconds max_silence);
};

/// An actor system of its own for what is exchanged with other machines, over
/// TLS. Each side refuses another without a certificate of an authority that it
/// knows, before CAF reads a byte of it. What CAF offers to connected processes
/// finds nothing of this program here.
///
/// Belongs to a thread that is none of its own. The destructor stops what is
/// connected, and waits for it; all actors in it have to be told to end before.
class secure_network {
public:
  /// A peer that has said something, and then nothing for `max_silence`, is
  /// gone.
  explicit secure_network(std::shared_ptr<const sealed_files> files,
                          std::chrono::nanoseconds max_silence
                          = listen_limits{}.max_silence);

  secure_network(const secure_network&) = delete;

  secure_network& operator=(const secure_network&) = delete;

  ~secure_network();

  /// Makes `directory` reachable at `where`, watched over by `guard`, and
  /// returns the port. Errors: those of `listen_problem`.
  caf::expected<uint16_t> publish(const directory_actor& directory,
                                  const endpoint& where,
                                  std::shared_ptr<compat::port_guard> guard);

  /// Joins a database of another machine. Errors: `ec::unavailable` where that
  /// does not answer within `limit`, or one side refuses the other's
  /// certificate; those of the directory.
  caf::expected<caf::actor> enter(const remote_address& where,
                                  std::chrono::nanoseconds limit);

  caf::actor_system& system() {
    return system_;
  }

private:
  std::shared_ptr<const sealed_files> files_;
  secure_config config_;
  caf::actor_system system_;
  // Of a process that has joined.
  caf::actor presence_;
};

} // namespace onewriter::node
