#pragma once

#include "bench/plan/bench_setting.hpp"
#include "bench/results/results.hpp"
#include "bench/workload/workloads.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace onewriter::bench {

/// One thing to be measured.
struct planned {
  /// Of the workload and its size, for the tables.
  std::string workload;
  std::string backend;
  enum synchronous synchronous = synchronous::full;
  task what;
  /// Long measurements need not be repeated.
  uint32_t most_rounds = std::numeric_limits<uint32_t>::max();
};

/// Whether both plan the same measurement, under any name.
bool is_same(const planned& x, const planned& y);

/// Returns each measurement once, as it is called where it comes first, with
/// the largest number of rounds that is planned for it.
std::vector<planned> without_repetitions(const std::vector<planned>& plan);

/// Returns what was measured of `x`; `nullptr` if it was not.
const series* find_series(const std::vector<series>& all, const planned& x);

/// Returns all variants of the workloads, at the levels and in the backends
/// that were asked for.
std::vector<planned> plan_of(const bench_options& asked,
                             const std::vector<workload>& workloads,
                             const std::vector<backend>& backends);

/// Measures what was planned, round by round, each round alternating between
/// everything, and adds the results to `to`. Prints the amount of work and, on
/// a terminal, a line of progress to standard error.
void run_plan(const bench_setting& in, const std::vector<planned>& plan,
              results& to);

} // namespace onewriter::bench
