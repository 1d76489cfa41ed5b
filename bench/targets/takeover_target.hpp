#pragma once

#include "bench/plan/bench_setting.hpp"
#include "bench/results/finding.hpp"

#include <string>
#include <vector>

namespace onewriter::bench {

/// Kills the process that owns a file while four others write to it, one write
/// on its way each, as often as was asked for, each time on a file of its own.
/// Measures the time from the kill to the first reply to a write that was sent
/// when the owner was gone. Compares each file with what was acknowledged. What
/// fails is noted in `failures`.
finding measure_takeovers(const bench_setting& in,
                          std::vector<std::string>& failures);

} // namespace onewriter::bench
