#pragma once

#include "onewriter/protocol.hpp"

namespace onewriter {

// Actors that represent others in messages that pass between actor systems.
// They end with what they represent, or when they are stopped.

/// Starts an actor of `sys` that passes on progress and alerts to `listener`.
caf::actor spawn_stand_in(caf::actor_system& sys, const caf::actor& listener);

/// Starts an actor of `sys` that passes on requests for the pages of `cursor`,
/// and the pages back.
cursor_actor spawn_stand_in(caf::actor_system& sys, const cursor_actor& cursor);

} // namespace onewriter
