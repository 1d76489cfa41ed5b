#pragma once

#include "bench/results.hpp"

#include <string>
#include <utility>
#include <vector>

namespace onewriter::bench {

/// What one backend achieved at one place of the horizontal axis.
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
  std::string title;
  /// One sentence or more, in Markdown.
  std::string introduction;
  /// What grows, with the unit: `rows in the file`.
  std::string x_name;
  /// The values of `x` are shown in the order of their first appearance.
  std::vector<scaling_line> lines;
  /// The plot's address as seen from the Markdown file; without a plot if
  /// empty.
  std::string svg_file;
};

/// Figures that were not measured are NaN.
scaling_line make_scaling_line(std::string x, const series& of);

/// Returns rows per second and p99, one below the other, as a document for
/// `svg_file`. The values of `x` are equally far apart, so that those that
/// double from one to the next make a logarithmic axis.
std::string scaling_svg(const scaling_section& of);

} // namespace onewriter::bench
