#pragma once

#include "app/node_messages.hpp"

namespace onewriter::node {

/// Starts the actor that adds up what all others report. It runs on the
/// scheduler's threads.
scoreboard_actor spawn_scoreboard(caf::actor_system& sys);

} // namespace onewriter::node
