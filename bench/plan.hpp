#pragma once

#include "actors/options.hpp"
#include "bench/arrangement.hpp"
#include "bench/bench_config.hpp"
#include "bench/results.hpp"

#include <string>
#include <vector>

namespace onewriter::bench {

/// One thing to be measured.
struct planned {
  /// Of the workload and its size, for the tables.
  std::string workload;
  std::string arrangement;
  enum synchronous synchronous = synchronous::full;
  task what;
};

/// Measures what was planned, round by round, each round alternating between
/// everything, with a line of progress on standard error where that is a
/// terminal. `opts` are those of the database; each run sets the path and the
/// level. Throws `std::runtime_error`.
std::vector<series> run_plan(const bench_config& cfg, const options& opts,
                             const std::vector<arrangement>& arrangements,
                             const std::vector<planned>& plan);

} // namespace onewriter::bench
