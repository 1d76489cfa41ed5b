#pragma once

#include "app/block_store.hpp"
#include "app/evidence.hpp"
#include "app/node_messages.hpp"
#include "onewriter/protocol.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace onewriter::node {

/// Who takes part in a run.
struct swarm_options {
  int64_t run = 0;
  uint32_t peers = 64;
  uint32_t searchers = 4;
  /// Zero: nobody makes the writer fail.
  std::chrono::nanoseconds chaos{0};
  block_store_options store;
  /// Called, on a thread of CAF's, when everything is stored and indexed.
  std::function<void()> when_done;
};

/// All the actors that use the database during a run. Belongs to one thread,
/// which is no actor's.
class swarm {
public:
  /// Starts peers, readers and, where there is to be chaos, the saboteur.
  swarm(caf::actor_system& sys, database_actor db, scoreboard_actor board,
        swarm_options opts);

  swarm(const swarm&) = delete;

  swarm& operator=(const swarm&) = delete;

  /// Ends all actors that have not been asked what they were told.
  ~swarm();

  /// Starts to store and to index files.
  void start_feeding();

  void enter(stage what);

  /// Waits until every actor has its last answer, and adds what they were told
  /// to `to`. To be called after `enter(stage::stopping)`.
  void collect(evidence& to);

private:
  void end(const caf::actor& what);

  caf::scoped_actor self_;
  database_actor db_;
  scoreboard_actor board_;
  swarm_options opts_;
  std::vector<peer_actor> peers_;
  std::vector<searcher_actor> searchers_;
  saboteur_actor saboteur_;
  block_store_actor store_;
  index_feeder_actor feeder_;
};

} // namespace onewriter::node
