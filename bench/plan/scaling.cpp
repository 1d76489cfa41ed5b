#include "bench/plan/scaling.hpp"

#include "bench/measure/measurement.hpp"
#include "bench/report/cells.hpp"
#include "bench/results/groups.hpp"
#include "bench/workload/describe.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace onewriter::bench {

namespace {

constexpr auto subject = "onewriter";

// Rates that differ by less are about the same.
constexpr double tolerance = 0.2;

/// What changes between two places at one level.
struct change {
  enum synchronous level = synchronous::full;
  double rate = 0;
  double p99 = 0;
};

const scaling_line* line_at(const std::vector<scaling_line>& lines,
                            const std::string& x, enum synchronous level) {
  for (auto& line : lines)
    if (line.x == x && line.backend == subject && line.synchronous == level)
      return &line;
  return nullptr;
}

double bytes_at(const scaling_axis& axis, const std::string& x) {
  for (auto& place : axis.places)
    if (place.x == x)
      return static_cast<double>(place.what.rows.payload_bytes);
  return 0;
}

std::optional<change> change_at(const scaling_axis& axis,
                                const std::vector<scaling_line>& lines,
                                enum synchronous level) {
  auto& advice = axis.advice;
  auto* from = line_at(lines, advice.from, level);
  auto* to = line_at(lines, advice.to, level);
  if (from == nullptr || to == nullptr)
    return std::nullopt;
  change result{level, to->rows_per_second / from->rows_per_second,
                to->p99_us / from->p99_us};
  if (advice.is_about_bytes)
    result.rate *= bytes_at(axis, advice.to) / bytes_at(axis, advice.from);
  return std::isfinite(result.rate) && std::isfinite(result.p99)
           ? std::optional{result}
           : std::nullopt;
}

std::vector<change> changes(const scaling_axis& axis,
                            const std::vector<scaling_line>& lines) {
  std::vector<change> result;
  for (auto level : {synchronous::full, synchronous::normal})
    if (auto found = change_at(axis, lines, level))
      result.push_back(*found);
  return result;
}

const std::string& advice_for(const scaling_advice& advice,
                              const std::vector<change>& all) {
  auto [least, most] = std::minmax_element(
    all.begin(), all.end(), [](auto& x, auto& y) { return x.rate < y.rate; });
  if (least->rate < 1 - tolerance)
    return advice.falls;
  return most->rate > 1 / (1 - tolerance) ? advice.rises : advice.stays;
}

// `0.98 (full) and 1.02 (normal)`.
template <class F>
std::string factors(const std::vector<change>& all, F get) {
  std::string result;
  for (auto& x : all)
    result += (result.empty() ? "" : " and ") + factor_cell(get(x)) + " ("
              + to_string(x.level) + ')';
  return result;
}

} // namespace

std::vector<planned> plan_of(const bench_options& asked,
                             const scaling_axis& axis,
                             const std::vector<backend>& backends) {
  std::vector<planned> result;
  for (auto& name : {std::string{subject}, axis.reference})
    for (auto level : asked.levels)
      for (auto& place : axis.places)
        for (auto& how : backends)
          if (how.name == name && asked.wants(name) && how.suits(place.what))
            result.push_back(
              {place.x, name, level, place.what, place.most_rounds});
  return result;
}

scaling_line make_scaling_line(std::string x, const series& of) {
  scaling_line result{std::move(x),
                      of.backend,
                      of.synchronous,
                      not_measured,
                      {not_measured, not_measured},
                      not_measured,
                      not_measured};
  auto* median = median_round(of);
  if (median == nullptr)
    return result;
  result.rows_per_second = median->rows_per_second();
  result.spread = of.spread();
  auto& latency = median->write_latency;
  if (latency != nullptr && latency->count() > 0) {
    result.p50_us = microseconds(latency->quantile(0.5));
    result.p99_us = microseconds(latency->quantile(0.99));
  }
  return result;
}

std::string conclusion(const scaling_axis& axis,
                       const std::vector<scaling_line>& lines) {
  auto all = changes(axis, lines);
  if (all.empty())
    return {};
  auto& advice = axis.advice;
  return advice.phrase + ", onewriter's "
         + (advice.is_about_bytes ? "bytes/s" : "rows/s")
         + " change by a factor of "
         + factors(all, [](auto& x) { return x.rate; }) + ", its p99 by "
         + factors(all, [](auto& x) { return x.p99; }) + ": "
         + advice_for(advice, all) + '.';
}

scaling_section section_of(const scaling_axis& axis,
                           const std::vector<planned>& plan,
                           const std::vector<series>& measured) {
  scaling_section result;
  result.name = axis.name;
  result.title = axis.title;
  result.x_name = axis.x_name;
  for (auto& x : plan)
    if (auto* found = find_series(measured, x))
      result.lines.push_back(make_scaling_line(x.workload, *found));
  result.introduction = conclusion(axis, result.lines);
  if (!result.introduction.empty())
    result.introduction += "\n\n";
  result.introduction += "The first line of the table: "
                         + describe(axis.places.front().what) + '.';
  return result;
}

} // namespace onewriter::bench
