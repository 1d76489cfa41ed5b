#pragma once

#include "app/demo/core/node_messages.hpp"

namespace onewriter::node {

/// Starts the actor that adds up all reports; `to_do` says what there is to
/// store. It runs on the scheduler's threads.
scoreboard_actor spawn_scoreboard(caf::actor_system& sys,
                                  const store_state& to_do);

} // namespace onewriter::node
