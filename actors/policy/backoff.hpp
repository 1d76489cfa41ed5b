#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace onewriter {

/// How long to wait between attempts.
struct backoff_options {
  /// Delay after the first failure. Default: 50 ms; most locks of other
  /// processes are shorter.
  std::chrono::nanoseconds initial = std::chrono::milliseconds{50};

  /// Maximum delay. Default: 5 s, so that a repair is noticed while the person
  /// who made it is still watching.
  std::chrono::nanoseconds maximum = std::chrono::seconds{5};

  /// Growth factor of the delays; less than 1 counts as 1, so that delays never
  /// shrink. Default: 2.
  double factor = 2.0;

  /// Random part of a delay, from 0 to 1; values outside count as the nearest
  /// bound. Default: 0.5, which spreads actors that failed at the same moment,
  /// but keeps half of each delay as a pause.
  double jitter = 0.5;
};

/// Exponential back-off: growing delays, each reduced by a random part, so that
/// actors that fail together do not retry together.
///
/// The same seed and options give the same delays, on every platform. Belongs
/// to one thread.
class backoff {
public:
  backoff(const backoff_options& options, uint64_t seed);

  /// Returns how long to wait before the next attempt: between `1 - jitter` and
  /// 1 times the delay, which then grows by the factor up to the maximum.
  std::chrono::nanoseconds next();

  /// Restarts with the initial delay, after a successful attempt.
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
