#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

namespace onewriter {

/// How often a child may be restarted before its supervisor gives up.
struct restart_intensity_options {
  /// How many restarts a period may hold; 0 allows none. Default: 3, as in
  /// Elixir's Supervisor: enough for an occasional failure, too few for a loop.
  size_t max_restarts = 3;

  /// Length of the period. Default: 5 s, the same in OTP and in Elixir.
  std::chrono::nanoseconds period = std::chrono::seconds{5};
};

/// Counts restarts in a sliding window. Takes memory for `max_restarts` times.
/// Belongs to one thread, which passes the time.
class restart_intensity {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit restart_intensity(const restart_intensity_options& options = {});

  /// Returns whether a restart at `now` is allowed, and if so counts it. A
  /// restart counts until a whole period has passed.
  [[nodiscard]] bool allow(time_point now);

private:
  restart_intensity_options options_;
  // Oldest first.
  std::deque<time_point> restarts_;
};

} // namespace onewriter
