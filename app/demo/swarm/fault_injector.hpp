#pragma once

#include "app/demo/core/node_messages.hpp"
#include "onewriter/protocol.hpp"

#include <chrono>

namespace onewriter::node {

/// Starts the actor that makes the writer fail every `interval`: by turns its
/// connection fails and an exception is thrown. It runs on the scheduler's
/// threads.
fault_injector_actor
spawn_fault_injector(caf::actor_system& sys, database_actor db,
                     scoreboard_actor board, std::chrono::nanoseconds interval);

} // namespace onewriter::node
