#pragma once

#include "bench/measure/measurement.hpp"
#include "bench/results/finding.hpp"
#include "bench/results/scaling_section.hpp"
#include "bench/workload/task.hpp"
#include "onewriter/options.hpp"

#include <string>
#include <utility>
#include <vector>

namespace onewriter::bench {

/// The measurements of one backend at one task.
struct series {
  /// Of the workload, such as "64 x 16".
  std::string workload;
  /// Of the backend, such as "onewriter".
  std::string backend;
  enum synchronous synchronous = synchronous::full;
  task what;
  /// One per round, in the order in which they were made; never empty.
  std::vector<measurement> rounds;

  /// The measurement with the median of rows per second.
  const measurement& median() const;

  /// The least and the most rows per second.
  std::pair<double, double> spread() const;
};

/// Where and how everything was measured: names and values, in order.
using facts = std::vector<std::pair<std::string, std::string>>;

struct results {
  facts about;
  std::vector<series> all;
  /// Empty where no targets were asked for.
  std::vector<finding> targets{};
  /// Empty where scaling was not measured, or not completely.
  std::vector<scaling_section> scaling{};
  /// Measurements that failed and why, one line each.
  std::vector<std::string> failures{};
};

} // namespace onewriter::bench
