#include "bench/targets/targets.hpp"

#include "bench/measure/measurement.hpp"
#include <algorithm>
#include <cmath>

namespace onewriter::bench {

namespace {

double write_quantile_us(const measurement& of, double q) {
  auto& all = of.write_latency;
  if (all == nullptr || all->count() == 0)
    return not_measured;
  return static_cast<double>(all->quantile(q).count()) / 1e3;
}

double figure_of(const measurement& of, figure what) {
  switch (what) {
    case figure::rows_per_second:
      return of.rows_per_second();
    case figure::reads_per_second:
      return of.reads_per_second();
    case figure::p99:
      return write_quantile_us(of, 0.99);
    case figure::p99_9:
      return write_quantile_us(of, 0.999);
    case figure::log_bytes:
      return static_cast<double>(of.log_bytes);
    default:
      return not_measured;
  }
}

std::vector<named_cell> cells_of(const target& what) {
  std::vector<named_cell> result{what.ours};
  if (what.against)
    result.push_back(*what.against);
  result.insert(result.end(), what.others.begin(), what.others.end());
  return result;
}

} // namespace

std::vector<planned> plan_of(const std::vector<target>& targets) {
  std::vector<planned> result;
  for (auto& x : targets)
    for (auto& y : cells_of(x))
      result.push_back(y.cell);
  return result;
}

double figure_of(const series& of, figure what) {
  std::vector<double> all;
  for (auto& x : of.rounds)
    if (auto y = figure_of(x, what); std::isfinite(y))
      all.push_back(y);
  if (all.empty())
    return not_measured;
  std::sort(all.begin(), all.end());
  return what == figure::log_bytes ? all.back() : all[(all.size() - 1) / 2];
}

finding judge(const target& what, const std::vector<series>& measured) {
  finding result;
  result.name = what.name;
  result.figure = what.figure;
  result.is_least = what.is_least;
  result.limit = what.limit;
  for (auto& x : cells_of(what)) {
    auto* found = find_series(measured, x.cell);
    result.figures.emplace_back(
      x.name, found == nullptr ? not_measured : figure_of(*found, what.figure));
  }
  result.is_ratio = what.against.has_value();
  result.measured = result.figures.front().second;
  if (result.is_ratio)
    result.measured /= result.figures[1].second;
  return result;
}

} // namespace onewriter::bench
