#pragma once

#include "bench/results/results.hpp"

#include <string>
#include <vector>

// Results in the order in which they are shown: that of their first appearance.

namespace onewriter::bench {

/// What was measured of one workload.
struct workload_group {
  std::string name;
  /// Never empty; they live as long as the results do.
  std::vector<const series*> all;
};

/// What was measured with one setting of `PRAGMA synchronous`.
struct level {
  enum synchronous synchronous = synchronous::full;
  std::vector<workload_group> workloads;
};

std::vector<level> by_level(const results& of);

/// Returns `of.median()`, or `nullptr` where there are no rounds.
const measurement* median_round(const series& of);

} // namespace onewriter::bench
