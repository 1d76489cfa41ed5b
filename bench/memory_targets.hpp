#pragma once

#include "actors/options.hpp"
#include "bench/bench_config.hpp"
#include "bench/finding.hpp"

#include <vector>

namespace onewriter::bench {

/// Measures what onewriter takes of the memory of this process: over many
/// writes, and while best-effort messages arrive and SQLite stands still. Comes
/// before everything else: memory that others gave back would hide what is
/// taken. Throws `std::runtime_error`.
std::vector<finding> measure_memory(caf::actor_system& sys,
                                    const bench_config& cfg,
                                    const options& opts);

} // namespace onewriter::bench
