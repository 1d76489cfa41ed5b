#pragma once

#include "actors/policy/histogram.hpp"

#include <vector>

namespace onewriter::bench {

/// A point of the curve of latencies over percentiles.
struct curve_point {
  /// From 0 to less than 1.
  double quantile = 0;
  /// One of how many writes takes longer: 1 / (1 - quantile), 100 at p99.
  double one_of = 1;
  double us = 0;
  /// Whether this is p50, or p90, p99, p99.9 and so on.
  bool named = false;
};

/// Returns ten points for each digit of `one_of`. The curve ends at the last
/// point that at least ten records are beyond; at p50 where there are fewer
/// than 20 records, and is empty without records.
std::vector<curve_point> percentile_curve(const histogram& of);

} // namespace onewriter::bench
