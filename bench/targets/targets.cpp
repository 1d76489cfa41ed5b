#include "bench/targets/targets.hpp"

#include "bench/measure/measurement.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace onewriter::bench {

namespace {

double quantile_us(const std::shared_ptr<const histogram>& all, double q) {
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
    case figure::p50:
      return quantile_us(of.write_latency, 0.5);
    case figure::p99:
      return quantile_us(of.write_latency, 0.99);
    case figure::p99_9:
      return quantile_us(of.write_latency, 0.999);
    case figure::p99_9_of_time:
      return quantile_us(of.write_waits, 0.999);
    case figure::log_bytes:
      return static_cast<double>(of.log_bytes);
    default:
      return not_measured;
  }
}

std::vector<named_cell> cells_of(const target& what) {
  std::vector<named_cell> result{what.ours};
  for (auto* more : {&what.against, &what.others})
    result.insert(result.end(), more->begin(), more->end());
  return result;
}

using named_figure = std::pair<std::string, double>;

named_figure named_figure_of(const named_cell& x, figure what,
                             const std::vector<series>& measured) {
  auto* found = find_series(measured, x.cell);
  return {x.name, found == nullptr ? not_measured : figure_of(*found, what)};
}

// One that was not measured might have been the largest.
named_figure largest(const std::vector<named_figure>& all) {
  auto is_less = [](auto& x, auto& y) {
    return !std::isnan(x.second)
           && (std::isnan(y.second) || x.second < y.second);
  };
  return *std::max_element(all.begin(), all.end(), is_less);
}

named_figure divisor_of(const target& what,
                        const std::vector<series>& measured) {
  std::vector<named_figure> all;
  for (auto& x : what.against)
    all.push_back(
      named_figure_of(x, what.against_figure.value_or(what.figure), measured));
  return largest(all);
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
  result.figures = {named_figure_of(what.ours, what.figure, measured)};
  result.measured = result.figures.front().second;
  result.is_ratio = !what.against.empty();
  if (result.is_ratio) {
    result.figures.push_back(divisor_of(what, measured));
    result.measured /= result.figures.back().second;
  }
  for (auto& x : what.others)
    result.figures.push_back(named_figure_of(x, what.figure, measured));
  return result;
}

} // namespace onewriter::bench
