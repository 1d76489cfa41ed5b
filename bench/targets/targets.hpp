#pragma once

#include "bench/options/bench_options.hpp"
#include "bench/plan/plan.hpp"
#include "bench/results/finding.hpp"

#include <optional>
#include <string>
#include <vector>

namespace onewriter::bench {

/// A measurement and what it is called beside another one.
struct named_cell {
  std::string name;
  planned cell;
};

/// What onewriter is to achieve, in figures of the same run.
struct target {
  /// One line for people.
  std::string name;
  enum figure figure = figure::rows_per_second;
  named_cell ours;
  /// The one with the largest figure is the divisor; without any, the figure
  /// itself counts.
  std::vector<named_cell> against;
  /// Of the divisor, where it is another figure in the same unit.
  std::optional<enum figure> against_figure;
  /// What is shown beside them.
  std::vector<named_cell> others;
  bool is_least = true;
  double limit = 0;
};

/// Returns the targets that are met or missed by measurements, at the levels
/// and with the backends that were asked for.
std::vector<target> target_list(const bench_options& asked);

/// Returns all that the targets need, in their order.
std::vector<planned> plan_of(const std::vector<target>& targets);

/// Returns the median of all rounds, or the most for sizes; NaN where nothing
/// was recorded.
double figure_of(const series& of, figure what);

/// Compares a target with what was measured.
finding judge(const target& what, const std::vector<series>& measured);

} // namespace onewriter::bench
