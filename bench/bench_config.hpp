#pragma once

#include "bench/load/load_messages.hpp"
#include "bench/workloads.hpp"
#include "onewriter/config.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::bench {

/// What onewriter-bench was asked for. The options of the database apply to
/// onewriter, and those that concern SQLite to the baselines as well.
class bench_config : load_types, public config {
public:
  bench_config();

  /// Returns an error text about the options; empty if they are valid.
  std::string problem() const;

  /// The same for what only the command `results` needs.
  std::string problem_with_results() const;

  std::chrono::nanoseconds length() const;

  /// The levels of `synchronous` to be measured.
  std::vector<enum synchronous> levels() const;

  /// The backends that were asked for by name; empty for all.
  std::vector<std::string> wanted() const;

  /// Whether a backend is among those that were asked for.
  bool wants(const std::string& backend) const;

  /// The shape of the workloads.
  load_shape shape() const;

  /// How often and how long, as a text.
  std::string rounds_text() const;

  /// Returns the command line that asks for the same again.
  std::string command(const std::string& word) const;

  /// Options of the database and of CAF as they were given.
  std::vector<std::string> passed_on;
  double seconds = 2;
  uint32_t rounds = 3;
  uint64_t seed = 1;
  std::string folder = ".";
  bool json = false;
  /// Where `results` writes what it has found.
  std::string results = "bench/RESULTS.md";
  /// Size of the largest file that is made before a run.
  double max_database_gb = 1;

private:
  std::string levels_ = "full,normal";
  std::string backends_;
  std::string sizes_;
  uint64_t rate_ = load_shape{}.arrivals_per_second;
  uint64_t row_bytes_ = load_shape{}.payload_bytes;
};

} // namespace onewriter::bench
