#pragma once

#include "bench/bench_setting.hpp"
#include "bench/results.hpp"

#include <string>
#include <utility>
#include <vector>

namespace onewriter::bench {

/// The commands that are no workloads, with one line for people each.
std::vector<std::pair<std::string, std::string>> command_names();

/// Does what the words of the command line say: a command, or names of
/// workloads. A measurement that fails does not keep the others from being
/// made. Throws `std::invalid_argument` for what cannot be asked for, before
/// anything is measured, and `std::runtime_error`.
results run_command(const bench_setting& in,
                    const std::vector<std::string>& words);

} // namespace onewriter::bench
