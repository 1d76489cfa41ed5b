#pragma once

#include "bench/bench_setting.hpp"
#include "bench/finding.hpp"

#include <string>
#include <vector>

namespace onewriter::bench {

/// Measures what onewriter takes of the memory of this process: over many
/// writes, and while best-effort messages arrive and SQLite stands still. Comes
/// before everything else: memory that others gave back would hide what is
/// taken. Adds a line to `failures` for what fails.
std::vector<finding> measure_memory(const bench_setting& in,
                                    std::vector<std::string>& failures);

} // namespace onewriter::bench
