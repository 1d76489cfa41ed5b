#pragma once

#include <caf/fwd.hpp>

namespace onewriter {

/// The permission to block one of the scheduler's threads, as an actor does
/// that waits for a disk. Fewer are given than an actor system has threads, so
/// that one is left to all others; those of all systems of the process count
/// together.
class scheduler_seat {
public:
  scheduler_seat() = default;

  scheduler_seat(const scheduler_seat&) = delete;

  scheduler_seat& operator=(const scheduler_seat&) = delete;

  ~scheduler_seat();

  /// Returns whether a seat was left. Any thread.
  [[nodiscard]] bool take(caf::actor_system& sys);

  void release();

private:
  bool is_taken_ = false;
};

} // namespace onewriter
