#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace onewriter {

/// How long to wait between attempts.
struct backoff_options {
  /// Delay after the first failure. Default: 50 ms, which most locks held by
  /// others do not outlast.
  std::chrono::nanoseconds initial = std::chrono::milliseconds{50};

  /// No delay is longer. Default: 5 s, so that what has been repaired is
  /// noticed while the person who repaired it is still looking.
  std::chrono::nanoseconds maximum = std::chrono::seconds{5};

  /// How many times as long each delay is as the one before; less than 1 counts
  /// as 1, so that delays never shrink. Default: 2.
  double factor = 2.0;

  /// Which part of a delay is left to chance, from 0 to 1; what is outside
  /// counts as the nearest bound. Default: 0.5, which spreads those who failed
  /// at the same moment, yet keeps half of each delay as a pause.
  double jitter = 0.5;
};

/// Exponential back-off: growing delays, from each of which chance takes
/// something off, so that many who fail together do not try again together.
///
/// The same seed and options give the same delays, on every platform. Belongs
/// to one thread.
class backoff {
public:
  backoff(const backoff_options& options, uint64_t seed);

  /// Returns how long to wait before the next attempt: between `1 - jitter` and
  /// 1 times the delay, which then grows by the factor up to the maximum.
  std::chrono::nanoseconds next();

  /// Starts again with the initial delay: the last attempt was successful.
  void reset();

private:
  // In nanoseconds.
  double initial_;
  double maximum_;
  double factor_;
  double jitter_;
  double delay_;
  std::mt19937_64 random_;
};

} // namespace onewriter
