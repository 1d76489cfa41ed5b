#pragma once

#include "app/demo/core/node_messages.hpp"
#include "onewriter/protocol.hpp"

#include <chrono>
#include <string>

namespace onewriter::node {

/// What a peer does.
struct peer_options {
  /// Its number, from 1. Peers of the same number do the same in each run.
  int64_t peer = 1;
  /// The run that its sessions belong to.
  int64_t run = 0;
  /// The average pause after a connect.
  std::chrono::milliseconds think_time{40};
};

/// Starts a peer. Repeatedly it connects (a write that it waits for),
/// sends two best-effort updates, and sometimes changes its domain in the
/// background and looks its last session up. It runs on the scheduler's
/// threads.
peer_actor spawn_peer(caf::actor_system& sys, database_actor db,
                      scoreboard_actor board, peer_options opts);

/// A name that people can recognize: `amber-otter-17`.
[[nodiscard]] std::string peer_name(int64_t peer);

} // namespace onewriter::node
