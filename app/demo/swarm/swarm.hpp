#pragma once

#include "app/demo/content/block_store.hpp"
#include "app/demo/core/node_messages.hpp"
#include "app/demo/swarm/expected_state.hpp"
#include "onewriter/protocol.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace onewriter::node {

/// The participants of a run.
struct swarm_options {
  int64_t run = 0;
  uint32_t peers = 64;
  uint32_t searchers = 4;
  /// Zero: no failures of the writer.
  std::chrono::nanoseconds chaos{0};
  block_store_options store;
  /// Called, on a thread of CAF's, when everything is stored and indexed.
  std::function<void()> when_done;
};

/// All the actors that use the database during a run. Belongs to one thread,
/// which is no actor's.
class swarm {
public:
  /// Starts peers, readers and, if `chaos` is not zero, the fault injector.
  swarm(caf::actor_system& sys, database_actor db, scoreboard_actor board,
        swarm_options opts);

  swarm(const swarm&) = delete;

  swarm& operator=(const swarm&) = delete;

  /// Ends all actors whose replies have not been collected.
  ~swarm();

  /// Starts to store and to index files.
  void start_feeding();

  void enter(stage what);

  /// Waits until every actor has its last reply, and adds all their replies to
  /// `to`. To be called after `enter(stage::stopping)`.
  void collect(expected_state& to);

private:
  void end(const caf::actor& what);

  caf::scoped_actor self_;
  database_actor db_;
  scoreboard_actor board_;
  swarm_options opts_;
  std::vector<peer_actor> peers_;
  std::vector<searcher_actor> searchers_;
  fault_injector_actor fault_injector_;
  block_store_actor store_;
  index_feeder_actor feeder_;
};

} // namespace onewriter::node
