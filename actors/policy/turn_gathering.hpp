#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>

namespace onewriter {

/// Decides when a turn begins whose senders run on the same threads as the
/// writer: whether the writer lets all that are ready run first. Callers who
/// wait for replies send their next requests as soon as they have them, so
/// about as many come as were answered.
class turn_gathering {
public:
  using clock = std::chrono::steady_clock;

  /// Turns of more requests do not gain from being larger, and the writer's
  /// data leaves the processor's caches.
  static constexpr size_t small_turn = 128;

  /// How often the others may run without sending a request.
  static constexpr size_t most_idle_yields = 4;

  /// How long a turn is put off where many other actors are ready to run.
  static constexpr std::chrono::nanoseconds most_time
    = std::chrono::microseconds{100};

  /// Returns whether the senders run once more before a turn with the `size`
  /// requests that wait.
  bool waits(size_t size, clock::time_point now) {
    if (std::exchange(owes_round_, false))
      return true;
    if (size >= expected_)
      return false;
    if (began_ == clock::time_point{})
      began_ = now;
    idle_yields_ = size > seen_ ? 0 : idle_yields_ + 1;
    seen_ = size;
    return idle_yields_ <= most_idle_yields && now - began_ < most_time;
  }

  /// A turn with this many requests has ended, and `left` wait already. These
  /// are of senders with many requests: those that have one at a time get their
  /// replies only now, and would miss every other turn.
  void ended(size_t requests, size_t left) {
    is_small_ = requests < small_turn;
    owes_round_ = is_small_ && left > 0;
    expected_ = std::min(std::max(requests, expected_ * 7 / 8), small_turn);
    began_ = {};
    seen_ = 0;
    idle_yields_ = 0;
  }

  /// Whether the last turn was so small that the senders run before the next.
  bool is_small() const {
    return is_small_;
  }

private:
  size_t expected_ = 0;
  // Since the last turn.
  clock::time_point began_;
  size_t seen_ = 0;
  size_t idle_yields_ = 0;
  bool is_small_ = true;
  bool owes_round_ = false;
};

} // namespace onewriter
