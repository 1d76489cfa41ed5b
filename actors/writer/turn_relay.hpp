#pragma once

#include "actors/writer/sqlite_writer.hpp"
#include "onewriter/compat/interface.hpp"

namespace onewriter {

/// Interface of the relay.
struct turn_relay_trait {
  using signatures = compat::type_list<
    // Sent on to the writer.
    caf::result<void>(end_of_turn)>;
};

using turn_relay_actor = compat::handle<turn_relay_trait>;

/// Starts an actor through which a writer sends the marker that ends its turn.
/// By the time the marker is back, everybody who was ready to run had the
/// chance to send something that the turn then includes.
turn_relay_actor spawn_turn_relay(caf::actor_system& sys,
                                  const sqlite_writer_actor& writer);

} // namespace onewriter
