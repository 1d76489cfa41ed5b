#pragma once

#include "actors/sharing/join.hpp"
#include "app/remote/remote_listener.hpp"
#include "onewriter/compat/inspection.hpp"
#include "onewriter/compat/interface.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

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

/// The gates of databases that are open, by name. It is no message, so that no
/// other machine can change it. Any thread may call any function.
class gate_table {
public:
  explicit gate_table(const std::vector<std::string>& names);

  /// Sets the gate of `name`, empty where the database is not open. Returns the
  /// one that was there.
  gate_actor set(const std::string& name, gate_actor gate);

  /// Returns the gate of `name`; nothing where there is no such database.
  std::optional<gate_actor> find(const std::string& name) const;

  /// Returns all names, separated by commas.
  std::string names() const;

private:
  mutable std::mutex mutex_;
  std::map<std::string, gate_actor> gates_;
};

/// Starts the actor of `sys` that leads to the gates of databases, which are of
/// `sys`, too.
directory_actor spawn_directory(caf::actor_system& sys,
                                std::shared_ptr<const gate_table> gates,
                                remote_listener::peer_log log);

} // namespace onewriter::node
