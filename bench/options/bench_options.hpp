#pragma once

#include "bench/workload/workloads.hpp"
#include "onewriter/options.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::bench {

/// How onewriter-bench measures.
struct bench_options {
  /// Length of each measurement.
  double seconds = 2;
  uint32_t rounds = 3;
  uint64_t seed = 1;
  /// Where files are made and removed.
  std::string folder = ".";
  /// The levels of `synchronous` to be measured.
  std::vector<enum synchronous> levels{synchronous::full, synchronous::normal};
  /// The backends that were asked for by name; empty for all.
  std::vector<std::string> backends;
  load_shape shape;
  /// Whether JSON is printed instead of tables.
  bool json = false;
  /// Whether the command `processes` prints its section of the page below.
  bool markdown = false;
  /// The page that the command `results` writes.
  std::string results = "bench/RESULTS.md";
  /// How often the command `processes` kills an owner.
  uint32_t takeovers = 30;
  /// Size of the largest file that is filled before a run.
  double max_database_gb = 1;
  /// Options of the database and of CAF as they were given.
  std::vector<std::string> passed_on;

  std::chrono::nanoseconds length() const;

  /// Whether a backend is among those that were asked for.
  bool wants(const std::string& backend) const;

  /// How often and how long, as a text.
  std::string rounds_text() const;

  /// Returns the command line that makes the page and its plots again.
  std::string results_command() const;
};

} // namespace onewriter::bench
