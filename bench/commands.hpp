#pragma once

#include "bench/bench_setting.hpp"
#include "bench/results.hpp"

#include <string>
#include <utility>
#include <vector>

namespace onewriter::bench {

/// The commands that are no workloads, with a description of one line each.
std::vector<std::pair<std::string, std::string>> command_names();

/// Runs the words of the command line: a command, or names of
/// workloads. A measurement that fails does not keep other ones from being
/// made. Throws `std::invalid_argument` for what cannot be asked for, before
/// anything is measured, and `std::runtime_error`.
results run_command(const bench_setting& in,
                    const std::vector<std::string>& words);

} // namespace onewriter::bench
