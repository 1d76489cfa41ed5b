#pragma once

#include "app/demo/swarm/swarm.hpp"

#include <chrono>
#include <string>

namespace onewriter::node {

/// How a run went by.
struct timeline {
  /// From the first peer to the time when all actors were told to stop.
  std::chrono::nanoseconds running_time{0};
  /// How long files were stored and indexed.
  std::chrono::nanoseconds busy_time{0};
  /// Whether it was stopped by request.
  bool stopped = false;
  /// Why the database gave up; empty if it did not.
  std::string failure;
};

/// Takes `actors`, which began at `started`, and `board` through the stages of
/// a run: all but the last one. Returns once `duration` is over or, where that
/// is zero, once everything is stored and indexed; earlier where `self` gets
/// `stop_requested` or an alert that the database has given up. Runs on the
/// thread of `self`, which also gets `everything_done`.
[[nodiscard]] timeline
play_stages(caf::scoped_actor& self, swarm& actors,
            const scoreboard_actor& board,
            std::chrono::steady_clock::time_point started,
            std::chrono::nanoseconds duration);

} // namespace onewriter::node
