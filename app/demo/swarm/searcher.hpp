#pragma once

#include "app/demo/core/node_messages.hpp"
#include "onewriter/protocol.hpp"

#include <chrono>

namespace onewriter::node {

/// What a reader does.
struct searcher_options {
  /// Readers of the same number do the same with the same words.
  uint32_t number = 1;
  /// The average pause after a request.
  std::chrono::milliseconds think_time{100};
};

/// Starts a reader. Repeatedly it searches for one of the words that it has
/// got, or lists the peers. It runs on the scheduler's threads.
searcher_actor spawn_searcher(caf::actor_system& sys, database_actor db,
                              scoreboard_actor board, searcher_options opts);

} // namespace onewriter::node
