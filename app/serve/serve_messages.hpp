#pragma once

#include "onewriter/compat/interface.hpp"
#include "onewriter/protocol.hpp"

#include <string>

// What the actors of a service send to each other. Nothing of it leaves the
// process.

namespace onewriter::node {

/// A keeper's own: asks its database again how it is.
struct look_again {};

/// A database is open, here or in the process that owns it.
struct database_opened {
  std::string name;
  /// A `database_keeper_actor`.
  caf::actor keeper;
  database_actor database;
};

/// A database has ended for a reason that does not mend itself.
struct database_lost {
  std::string name;
  caf::error reason;
};

} // namespace onewriter::node

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(onewriter::node::look_again)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(onewriter::node::database_opened)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(onewriter::node::database_lost)

// Between those of the demo and those for other machines.
CAF_BEGIN_TYPE_ID_BLOCK(onewriter_serve, caf::first_custom_type_id + 30)
  CAF_ADD_TYPE_ID(onewriter_serve, (onewriter::node::look_again))
  CAF_ADD_TYPE_ID(onewriter_serve, (onewriter::node::database_opened))
  CAF_ADD_TYPE_ID(onewriter_serve, (onewriter::node::database_lost))
CAF_END_TYPE_ID_BLOCK(onewriter_serve)
