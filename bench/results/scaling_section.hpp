#pragma once

#include "onewriter/options.hpp"

#include <string>
#include <utility>
#include <vector>

namespace onewriter::bench {

/// What one backend achieved at one place of the horizontal axis; figures that
/// were not measured are NaN.
struct scaling_line {
  /// What has grown, as it is written beside the axis: `1,000`.
  std::string x;
  std::string backend;
  enum synchronous synchronous = synchronous::full;
  /// Of the median round.
  double rows_per_second = 0;
  /// The slowest and the fastest round.
  std::pair<double, double> spread;
  double p50_us = 0;
  double p99_us = 0;
};

/// How figures change while something grows.
struct scaling_section {
  /// For the name of the plot: `scaling-NAME.svg`.
  std::string name;
  std::string title;
  /// One sentence or more, in Markdown.
  std::string introduction;
  /// What grows, with the unit: `rows in the file`.
  std::string x_name;
  /// The values of `x` are shown in the order of their first appearance.
  std::vector<scaling_line> lines;
};

} // namespace onewriter::bench
