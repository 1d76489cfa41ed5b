#pragma once

#include "bench/plan/bench_setting.hpp"
#include "bench/results/finding.hpp"

#include <string>
#include <vector>

namespace onewriter::bench {

/// Measures how much memory of this process onewriter takes: over many
/// writes, and while best-effort messages arrive and SQLite stands still. Comes
/// before all other measurements: memory that they gave back would hide what is
/// taken. Adds a line to `failures` for each failure.
std::vector<finding> measure_memory(const bench_setting& in,
                                    std::vector<std::string>& failures);

} // namespace onewriter::bench
