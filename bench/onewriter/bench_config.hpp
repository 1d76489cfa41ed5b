#pragma once

#include "bench/load/load_messages.hpp"
#include "onewriter/config.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::bench {

/// How a program sets up its actor system and its database.
enum class system_setup : uint8_t {
  /// CAF's and onewriter's defaults: what a program gets that sets no option.
  defaults,
  /// The node's scheduler.
  node,
};

/// The configuration of CAF and of the database. The options of the database
/// apply to onewriter, and those that concern SQLite to the baselines as well.
class bench_config : load_types, public config {
public:
  explicit bench_config(system_setup how = system_setup::defaults);

  /// Reads the configuration file, if there is one, and then `words`, each of
  /// them an option, over what the setup says. Returns the options of the
  /// database. Throws `std::invalid_argument` with a text for people.
  options read(std::vector<std::string> words);
};

} // namespace onewriter::bench
