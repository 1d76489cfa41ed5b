#pragma once

#include "bench/options/command_line.hpp"
#include "bench/plan/bench_setting.hpp"
#include "bench/results/results.hpp"

namespace onewriter::bench {

/// Runs a command. A measurement that fails does not keep other ones from being
/// made. Throws `std::invalid_argument` for what cannot be asked for, before
/// anything is measured, and `std::runtime_error`.
results run_command(const bench_setting& in, const command_line& what);

} // namespace onewriter::bench
