#pragma once

#include "actors/policy/histogram.hpp"

#include <vector>

namespace onewriter::bench {

/// A point of the curve of latencies over percentiles.
struct curve_point {
  /// From 0 to less than 1.
  double quantile = 0;
  double us = 0;
};

/// Returns ten points for each digit of 1 / (1 - quantile), p50, p90, p99 and
/// so on among them. The curve ends at the last point that at least ten records
/// are beyond; at p50 where there are fewer than 20 records, and is empty
/// without records.
std::vector<curve_point> percentile_curve(const histogram& of);

} // namespace onewriter::bench
