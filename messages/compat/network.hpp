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

/// Returns the actor that is published at this endpoint, as `Handle`; an error
/// if there is none within `limit`, or if it is another kind of actor. Blocks.
template <class Handle>
caf::expected<Handle> connect(caf::actor_system& sys, const std::string& host,
                              uint16_t port, std::chrono::nanoseconds limit) {
  caf::scoped_actor self{sys};
  caf::expected<Handle> result{caf::make_error(caf::sec::runtime_error)};
  request(self, sys.middleman().actor_handle(), limit, caf::connect_atom_v,
          host, port)
    .receive(
      [&](const caf::node_id&, const caf::strong_actor_ptr& found,
          const std::set<std::string>& interface) {
        if (found && sys.assignable<Handle>(interface))
          result = caf::actor_cast<Handle>(found);
      },
      [&](caf::error& err) { result = std::move(err); });
  return result;
}

} // namespace onewriter::compat
