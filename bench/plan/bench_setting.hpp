#pragma once

#include "bench/measure/backend.hpp"
#include "bench/options/bench_options.hpp"
#include "onewriter/options.hpp"

#include <atomic>
#include <string>
#include <vector>

namespace onewriter::bench {

/// What a command works with.
struct bench_setting {
  const bench_options& asked;
  /// Of the database, for the baselines; each run sets the path and the level.
  const options& opts;
  const std::vector<backend>& backends;
  /// Where files are made; no other program uses it.
  const std::string& folder;
  /// Whether to end what is being measured, and to measure nothing more.
  const std::atomic<bool>& interrupted;
};

} // namespace onewriter::bench
