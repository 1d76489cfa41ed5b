#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace onewriter::bench {

/// What a target is about.
enum class figure : uint8_t {
  rows_per_second,
  reads_per_second,
  /// Of the writes, in microseconds.
  p50,
  p99,
  p99_9,
  /// Of the time that clients wait for writes, in microseconds.
  p99_9_of_time,
  /// The largest size that the log was seen with.
  log_bytes,
  /// What of the process is in memory.
  resident_bytes,
  /// From the end of an owner to a reply of the next one, in milliseconds.
  takeover,
};

/// What was measured against a target.
struct finding {
  /// One line for people.
  std::string name;
  enum figure figure = figure::rows_per_second;
  /// Whose they are, what they are; those that `measured` is made of come
  /// first. One that was not measured is NaN.
  std::vector<std::pair<std::string, double>> figures;
  /// Whether `measured` is the quotient of the first two figures; otherwise it
  /// has their unit.
  bool is_ratio = true;
  /// NaN where it was not measured.
  double measured = std::numeric_limits<double>::quiet_NaN();
  /// Whether `limit` is the least; otherwise it is the most.
  bool is_least = true;
  double limit = 0;

  /// False where nothing was measured.
  bool is_met() const {
    return is_least ? measured >= limit : measured <= limit;
  }
};

} // namespace onewriter::bench
