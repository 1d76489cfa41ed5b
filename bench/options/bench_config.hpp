#pragma once

#include "bench/load/load_messages.hpp"
#include "onewriter/config.hpp"

#include <string>
#include <vector>

namespace onewriter::bench {

/// The configuration of CAF and of the database. The options of the database
/// apply to onewriter, and those that concern SQLite to the baselines as well.
class bench_config : load_types, public config {
public:
  bench_config();

  /// Reads the configuration file, if there is one, and then `words`, each of
  /// them an option. Returns what is wrong, for people; empty where nothing is.
  [[nodiscard]] std::string read(std::vector<std::string> words);
};

} // namespace onewriter::bench
