#pragma once

#include "bench/report/groups.hpp"
#include "bench/report/plot.hpp"

#include <vector>

// What is plotted of the results. All figures are about median rounds.

namespace onewriter::bench {

/// Latency over percentiles, one line for each backend.
plot_figure latency_figure(const workload_group& of,
                           const backend_names& names);

/// Rows per second and p99 over the time of the run.
plot_figure timeline_figure(const workload_group& of,
                            const backend_names& names);

/// Rows per second over the number of clients: one figure for each shape of
/// rows that was measured with at least two numbers of clients that have one
/// write on its way each, with no readers and no background load.
std::vector<plot_figure> client_figures(const level& of,
                                        const backend_names& names);

/// Whether lines are better compared on a logarithmic axis: the highest of one
/// is more than 20 times that of another.
bool are_far_apart(const std::vector<plot_line>& lines);

} // namespace onewriter::bench
