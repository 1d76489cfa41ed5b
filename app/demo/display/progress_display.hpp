#pragma once

#include "app/core/event_log.hpp"
#include "app/demo/core/node_messages.hpp"
#include "app/demo/display/live_frame.hpp"
#include "onewriter/protocol.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace onewriter::node {

/// What the display shows and how.
struct display_options {
  /// Whether it draws; otherwise it prints a line every second.
  bool live = false;
  /// What does not change.
  snapshot fixed;
  std::chrono::steady_clock::time_point started;
  std::shared_ptr<event_log> events;
  /// Called when the reader of the output has gone.
  std::function<void()> when_gone;
};

/// Starts the actor that shows on standard output how far the run is. It writes
/// to a terminal, which may block, so it has a thread of its own.
progress_display_actor
spawn_progress_display(caf::actor_system& sys, database_actor db,
                       scoreboard_actor board, display_options opts);

/// Returns how much memory this process has had at most.
[[nodiscard]] uint64_t peak_memory_bytes();

} // namespace onewriter::node
