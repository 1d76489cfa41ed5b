#pragma once

#include "actors/sharing/join.hpp"
#include "app/remote/remote_listener.hpp"
#include "onewriter/compat/inspection.hpp"
#include "onewriter/compat/interface.hpp"

#include <map>
#include <string>

// How a process of another machine becomes a client of one of the databases at
// an endpoint. These messages are wire format: append, never reorder.

namespace onewriter::node {

/// The first message of a process that joins over the network.
struct enter {
  /// The name of the database.
  std::string database;
  join what;
};

template <class Inspector>
auto inspect(Inspector& f, enter& x) {
  return compat::inspect_object(f, x, compat::field("database", x.database),
                                compat::field("what", x.what));
}

} // namespace onewriter::node

// Behind those of the node.
CAF_BEGIN_TYPE_ID_BLOCK(onewriter_remote, caf::first_custom_type_id + 40)
  CAF_ADD_TYPE_ID(onewriter_remote, (onewriter::node::enter))
CAF_END_TYPE_ID_BLOCK(onewriter_remote)

namespace onewriter::node {

/// What a service publishes.
struct directory_trait {
  using signatures = compat::type_list<
    // Errors: ec::invalid_argument where there is no such database; those of
    // the gate.
    caf::result<admission_ticket>(enter)>;
};

using directory_actor = compat::handle<directory_trait>;

/// Starts the actor of `sys` that leads to the gates of databases, which are of
/// `sys`, too.
directory_actor spawn_directory(caf::actor_system& sys,
                                std::map<std::string, gate_actor> gates,
                                remote_listener::peer_log log);

} // namespace onewriter::node
