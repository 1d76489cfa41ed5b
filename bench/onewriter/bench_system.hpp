#pragma once

#include "bench/onewriter/bench_config.hpp"
#include "onewriter/options.hpp"

#include <caf/actor_system.hpp>

#include <string>
#include <vector>

namespace onewriter::bench {

/// The actor system of one measurement: CAF's scheduler is set up when a system
/// starts, and what one measurement leaves must not reach the next one.
class bench_system {
public:
  /// `words` are options of CAF and of the database. Throws
  /// `std::invalid_argument`.
  bench_system(system_setup how, const std::vector<std::string>& words)
    : config_{how},
      options_{config_.read(words)},
      actors_{config_} {
    // nop
  }

  caf::actor_system& actors() {
    return actors_;
  }

  /// Returns the options of its database for the path and the level of `at`.
  options database_options(const options& at) const {
    auto result = options_;
    result.path = at.path;
    result.synchronous = at.synchronous;
    return result;
  }

private:
  bench_config config_;
  options options_;
  caf::actor_system actors_;
};

} // namespace onewriter::bench
