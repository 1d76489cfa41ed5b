#pragma once

#include "actors/database/admission/flow_gate.hpp"
#include "actors/database/admission/joined_writes.hpp"
#include "messages/private_message.hpp"
#include "onewriter/compat/interface.hpp"

#include <memory>

namespace onewriter {

/// Asks a database in this process for its gate. Reply: a `flow_gate_ptr`.
struct get_flow_gate {};

/// A message without a reply that was counted by a `paced_sender`.
struct paced_request {
  std::shared_ptr<paced_item> item;
};

} // namespace onewriter

ONEWRITER_BEGIN_MESSAGES(gate, 180)
ONEWRITER_MESSAGE(gate, flow_gate_ptr)
ONEWRITER_MESSAGE(gate, get_flow_gate)
ONEWRITER_MESSAGE(gate, paced_request)
ONEWRITER_MESSAGE(gate, joined_writes_ptr)
ONEWRITER_END_MESSAGES(gate, 186)

namespace onewriter {

/// The interface of the database for senders in its process that count their
/// messages themselves: see `paced_sender` and `joined_writes`.
struct database_gate_trait {
  using signatures
    = compat::type_list<caf::result<flow_gate_ptr>(get_flow_gate),
                        caf::result<void>(paced_request),
                        caf::result<void>(joined_writes_ptr)>;
};

using database_gate_actor = compat::handle<database_gate_trait>;

/// Returns the gate of a database actor of `sys`; null if it is none, or has
/// ended. Blocks until it answers, which does not involve SQLite.
flow_gate_ptr flow_gate_of(caf::actor_system& sys,
                           const database_actor& database);

} // namespace onewriter
