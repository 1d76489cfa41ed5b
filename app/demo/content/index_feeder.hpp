#pragma once

#include "app/demo/core/node_messages.hpp"
#include "onewriter/protocol.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace onewriter::node {

/// What to index.
struct index_feeder_options {
  int64_t run = 0;
  /// Index jobs that are waiting or running: enough to keep the database busy,
  /// and few enough that they need not be stored here.
  size_t jobs = 4;
  /// The readers that get words of indexed texts.
  std::vector<searcher_actor> searchers;
};

/// Starts the actor that has every stored text indexed. It asks the database
/// for texts that are stored, a few at a time, so that there is no list of them
/// in memory. It runs on the scheduler's threads. Calls `when_done` on one of
/// them after the last text.
index_feeder_actor spawn_index_feeder(caf::actor_system& sys, database_actor db,
                                      scoreboard_actor board,
                                      index_feeder_options opts,
                                      std::function<void()> when_done);

} // namespace onewriter::node
