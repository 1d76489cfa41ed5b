// CAF's middleman, for CAF 0.17 and 1.x.
#pragma once

#include "onewriter/compat/messaging.hpp"
#include "onewriter/compat/setup.hpp"

#include <caf/io/all.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace onewriter::compat {

/// Registers the messages of the middleman. To be called before the first
/// `caf::actor_system_config` is constructed.
inline void register_network_types() {
#if CAF_MAJOR_VERSION >= 1
  caf::io::middleman::init_global_meta_objects();
#endif
}

/// Adds the middleman to the system of `cfg`. It connects with those systems
/// only that have the same `identifier`.
inline void load_network(caf::actor_system_config& cfg,
                         const std::string& identifier) {
  cfg.load<caf::io::middleman>();
  // Messages are decoded where they arrive: another thread would have to be
  // woken up for each.
  cfg.set(ONEWRITER_CAF_KEY("middleman.workers"), size_t{0});
  cfg.set(ONEWRITER_CAF_KEY("middleman.app-identifiers"),
          std::vector<std::string>{identifier});
}

/// Hides the actors that CAF offers to all connected systems: remote spawning
/// and the configuration server.
inline void hide_services(caf::actor_system& sys) {
#if CAF_MAJOR_VERSION >= 1
  sys.registry().erase("SpawnServ");
  sys.registry().erase("ConfigServ");
#else
  sys.registry().erase(caf::atom("SpawnServ"));
  sys.registry().erase(caf::atom("ConfigServ"));
#endif
}

/// Makes the system of `cfg` send a sign of life to all others that it is
/// connected with, every `interval`, and drop those that are silent for
/// `limit`.
inline void expect_heartbeats(caf::actor_system_config& cfg,
                              std::chrono::nanoseconds interval,
                              std::chrono::nanoseconds limit) {
  cfg.set(ONEWRITER_CAF_KEY("middleman.heartbeat-interval"),
          caf::timespan{interval});
  cfg.set(ONEWRITER_CAF_KEY("middleman.connection-timeout"),
          caf::timespan{limit});
}

/// Calls `then(host, port)` on `self` with where the system `whose` has
/// connected from; the host is empty where that is not known.
template <class Self, class F>
void ask_for_address(Self self, const caf::node_id& whose, F then) {
  request(self, self->home_system().middleman().actor_handle(), caf::infinite,
          caf::get_atom_v, whose)
    .then([then](const caf::node_id&, const std::string& host,
                 uint16_t port) { then(host, port); },
          [then](const caf::error&) { then(std::string{}, uint16_t{0}); });
}

/// Returns the actor that is published at this endpoint, as `Handle`; an error
/// if there is none within `limit`, or if it is another kind of actor. `by` is
/// what makes connections. Blocks.
template <class Handle>
caf::expected<Handle> connect_through(caf::actor_system& sys,
                                      const caf::io::middleman_actor& by,
                                      const std::string& host, uint16_t port,
                                      std::chrono::nanoseconds limit) {
  caf::scoped_actor self{sys};
  caf::expected<Handle> result{caf::make_error(caf::sec::runtime_error)};
  request(self, by, limit, caf::connect_atom_v, host, port)
    .receive(
      [&](const caf::node_id&, const caf::strong_actor_ptr& found,
          const std::set<std::string>& interface) {
        if (found && sys.assignable<Handle>(interface))
          result = caf::actor_cast<Handle>(found);
      },
      [&](caf::error& err) { result = std::move(err); });
  return result;
}

/// The same through the middleman itself.
template <class Handle>
caf::expected<Handle> connect(caf::actor_system& sys, const std::string& host,
                              uint16_t port, std::chrono::nanoseconds limit) {
  return connect_through<Handle>(sys, sys.middleman().actor_handle(), host,
                                 port, limit);
}

} // namespace onewriter::compat
