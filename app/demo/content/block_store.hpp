#pragma once

#include "app/core/file_walk.hpp"
#include "app/demo/core/node_messages.hpp"
#include "onewriter/protocol.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace onewriter::node {

/// What to store.
struct block_store_options {
  /// The tree; an absolute path.
  std::string root;
  /// Files whose paths begin with this are passed over: the database's own.
  std::string excluded;
  int64_t run = 0;
  /// Files get the numbers after this one.
  int64_t last_file = 0;
  tree_size total;
};

/// Starts the actor that stores the files of a tree as blocks. One group of
/// blocks is being stored while the next one is being read, so never more than
/// these two are in memory. It reads files, so it has a thread of its own.
/// Calls `when_done` on it once everything is stored.
block_store_actor spawn_block_store(caf::actor_system& sys, database_actor db,
                                    scoreboard_actor board,
                                    block_store_options opts,
                                    std::function<void()> when_done);

} // namespace onewriter::node
