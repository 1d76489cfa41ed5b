#pragma once

#include "bench/options/bench_options.hpp"
#include "bench/plan/plan.hpp"
#include "bench/targets/targets.hpp"
#include "bench/workload/workloads.hpp"

#include <vector>

namespace onewriter::bench {

/// Returns the loads of the command `processes`.
workload process_loads(const load_shape& shape);

/// Returns the targets of client processes, at the levels that were asked for.
std::vector<target> process_target_list(const bench_options& asked);

} // namespace onewriter::bench
