#pragma once

#include "actors/config.hpp"
#include "bench/load/load_messages.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::bench {

/// What onewriter-bench was asked for. The options of the database apply to
/// onewriter, and those that concern SQLite to its peers too.
class bench_config : load_types, public config {
public:
  bench_config();

  /// Returns what is wrong with the options, for people; empty where nothing
  /// is.
  std::string problem() const;

  std::chrono::nanoseconds length() const;

  /// The levels of `synchronous` to be measured.
  std::vector<enum synchronous> levels() const;

  /// Whether an arrangement is among those that were asked for.
  bool wants(const std::string& arrangement) const;

  double seconds = 2;
  uint32_t rounds = 3;
  uint64_t seed = 1;
  std::string folder = ".";
  bool json = false;
  std::string report;

private:
  std::string levels_ = "full,normal";
  std::string arrangements_;
};

} // namespace onewriter::bench
