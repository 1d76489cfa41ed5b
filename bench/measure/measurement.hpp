#pragma once

#include "actors/policy/histogram.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

namespace onewriter::bench {

/// A figure that there is none for.
inline constexpr double not_measured = std::numeric_limits<double>::quiet_NaN();

inline double microseconds(std::chrono::nanoseconds x) {
  return static_cast<double>(x.count()) / 1e3;
}

/// A part of the time of a measurement.
struct time_slice {
  /// Writes whose reply came within it.
  uint64_t writes = 0;
  /// Of these.
  std::chrono::nanoseconds p99{0};
};

/// What one run of one backend achieved. Only what was acknowledged counts.
struct measurement {
  uint64_t writes = 0;
  uint64_t rows = 0;
  uint64_t reads = 0;
  /// Transactions that were committed, zero if not counted.
  uint64_t commits = 0;
  /// Writes that were answered with an error.
  uint64_t refused = 0;
  /// From the first request to the last reply.
  std::chrono::nanoseconds length{0};
  /// From the request, or from when it should have been sent where arrivals
  /// have a rate, to its reply, as the caller saw it.
  std::shared_ptr<const histogram> write_latency;
  std::shared_ptr<const histogram> read_latency;
  /// Latencies of writes, each as often as it has microseconds: what one finds
  /// who looks at a client at a moment that is drawn at random. A client that
  /// starves for a second notes one write, where others note thousands.
  std::shared_ptr<const histogram> write_waits;
  /// Writes of the client with the fewest, and of one on average.
  uint64_t fewest_writes = 0;
  double average_writes = 0;
  std::chrono::nanoseconds slice_length{0};
  std::vector<time_slice> timeline;
  /// The largest size that the log was seen with.
  uint64_t log_bytes = 0;

  double rows_per_second() const {
    return per_second(rows);
  }

  double writes_per_second() const {
    return per_second(writes);
  }

  double reads_per_second() const {
    return per_second(reads);
  }

private:
  double per_second(uint64_t count) const {
    return static_cast<double>(count)
           / std::chrono::duration<double>{length}.count();
  }
};

} // namespace onewriter::bench
