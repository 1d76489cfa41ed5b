#pragma once

#include "actors/options.hpp"
#include "bench/arrangement.hpp"
#include "bench/bench_config.hpp"
#include "bench/results.hpp"

#include <string>
#include <utility>
#include <vector>

namespace onewriter::bench {

/// What a command works with.
struct bench_setting {
  const bench_config& cfg;
  const options& opts;
  caf::actor_system& sys;
  const std::vector<arrangement>& arrangements;
};

/// The commands that are no workloads, with one line for people each.
std::vector<std::pair<std::string, std::string>> command_names();

/// Does what the words of the command line say: a command, or names of
/// workloads. Throws `std::invalid_argument` for words that it does not know,
/// and `std::runtime_error`.
results run_command(const bench_setting& in,
                    const std::vector<std::string>& words);

} // namespace onewriter::bench
