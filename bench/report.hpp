#pragma once

#include "actors/options.hpp"
#include "bench/measurement.hpp"

#include <string>
#include <vector>

namespace onewriter::bench {

/// One line of the table: the median of several measurements.
struct result_line {
  std::string name;
  measurement median;
  /// Slowest and fastest, in rows per second.
  double slowest = 0;
  double fastest = 0;
};

/// Picks the median by rows per second. `results` must not be empty.
result_line median_line(std::string name, std::vector<measurement> results);

/// Prints processor, cores, memory, and the versions that matter.
void print_machine();

/// Prints the table, with the share of "raw 1000" in each line.
void print_table(enum synchronous level, const std::vector<result_line>& lines);

} // namespace onewriter::bench
