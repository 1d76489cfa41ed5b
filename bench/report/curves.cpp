#include "bench/report/curves.hpp"

#include "actors/console/format.hpp"
#include "bench/report/percentile_curve.hpp"
#include "bench/report/wording.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>

namespace onewriter::bench {

namespace {

// A line without points, which are added where there are any.
plot_line line_for(const series& of, const backend_names& names) {
  return {of.backend, names.index_of(of.backend), {}};
}

void add_if_any(std::vector<plot_line>& to, plot_line line) {
  if (!line.points.empty())
    to.push_back(std::move(line));
}

// -- latency ------------------------------------------------------------------------

std::vector<plot_tick> percentile_ticks() {
  std::vector<plot_tick> result{{2, "50 %"}};
  for (double one_of = 10; one_of < 1e9; one_of *= 10)
    result.push_back({one_of, percentile_text(1 - 1 / one_of) + " %"});
  return result;
}

plot_line latency_line(const series& of, const backend_names& names) {
  auto result = line_for(of, names);
  auto* round = median_round(of);
  if (round != nullptr && round->write_latency != nullptr)
    for (auto& x : percentile_curve(*round->write_latency))
      if (x.one_of >= 2)
        result.points.push_back({x.one_of, x.us, std::nullopt, x.named});
  return result;
}

// -- timeline -----------------------------------------------------------------------

// Markers are this many points apart.
constexpr size_t marked_points = 10;

template <class F>
plot_line timeline_line(const series& of, const backend_names& names, F value) {
  auto result = line_for(of, names);
  auto* round = median_round(of);
  if (round == nullptr)
    return result;
  auto length = std::chrono::duration<double>{round->slice_length}.count();
  for (size_t i = 0; i < round->timeline.size(); ++i)
    result.points.push_back({(static_cast<double>(i) + 0.5) * length,
                             value(round->timeline[i], length), std::nullopt,
                             i % marked_points == marked_points / 2});
  return result;
}

plot_panel timeline_panel(const workload_group& of,
                          const backend_names& names) {
  plot_panel result{{"rows/s", false, plot_unit::number, {}}, {}};
  for (auto* x : of.all) {
    auto rows = static_cast<double>(x->what.rows.rows_per_write);
    add_if_any(result.lines, timeline_line(*x, names, [&](auto& y, double s) {
                 return static_cast<double>(y.writes) * rows / s;
               }));
  }
  result.y.logarithmic = are_far_apart(result.lines);
  return result;
}

plot_panel p99_panel(const workload_group& of, const backend_names& names) {
  plot_panel result{{"p99 of the writes", false, plot_unit::microseconds, {}},
                    {}};
  constexpr auto gap = std::numeric_limits<double>::quiet_NaN();
  for (auto* x : of.all)
    add_if_any(result.lines, timeline_line(*x, names, [](auto& y, double) {
                 return y.writes == 0 ? gap : microseconds(y.p99);
               }));
  result.y.logarithmic = are_far_apart(result.lines);
  return result;
}

// -- clients ------------------------------------------------------------------------

using shape_key = std::tuple<size_t, size_t, size_t, bool>;

shape_key key_of(const row_shape& x) {
  return {x.payload_bytes, x.rows_per_write, x.indexes, x.returning};
}

bool is_plain(const task& x) {
  return x.outstanding == 1 && x.arrivals_per_second == 0 && x.readers == 0
         && x.beside == background_load::nothing;
}

// By backend, then by clients; the first of several that are alike.
using client_series
  = std::map<size_t, std::map<size_t, std::pair<const series*, plot_point>>>;

plot_point client_point(const series& of, const measurement& median) {
  return {static_cast<double>(of.what.clients), median.rows_per_second(),
          of.rounds.size() > 1 ? std::optional{of.spread()} : std::nullopt,
          true};
}

std::map<shape_key, client_series> by_shape(const level& of,
                                            const backend_names& names) {
  std::map<shape_key, client_series> result;
  for (auto& group : of.workloads)
    for (auto* x : group.all)
      if (auto* median = median_round(*x); median && is_plain(x->what))
        result[key_of(x->what.rows)][names.index_of(x->backend)].emplace(
          x->what.clients, std::pair{x, client_point(*x, *median)});
  return result;
}

plot_figure client_figure(const client_series& of, const backend_names& names) {
  plot_figure result{
    "Rows per second by number of clients",
    {"clients, each with one write on its way", true, plot_unit::number, {}},
    {{{"rows/s", true, plot_unit::number, {}}, {}}}};
  auto& first = *of.begin()->second.begin()->second.first;
  result.title += ", " + describe(first.what.rows);
  std::set<size_t> counts;
  for (auto& [look, by_clients] : of) {
    auto line = line_for(*by_clients.begin()->second.first, names);
    for (auto& [clients, x] : by_clients) {
      line.points.push_back(x.second);
      counts.insert(clients);
    }
    result.panels.front().lines.push_back(std::move(line));
  }
  for (auto x : counts)
    result.x.ticks.push_back({static_cast<double>(x), with_separators(x)});
  return result;
}

} // namespace

plot_figure latency_figure(const workload_group& of,
                           const backend_names& names) {
  plot_figure result{
    of.name + ": latency of a write",
    {"percentile of the writes", true, plot_unit::number, percentile_ticks()},
    {{{"latency", true, plot_unit::microseconds, {}}, {}}}};
  for (auto* x : of.all)
    add_if_any(result.panels.front().lines, latency_line(*x, names));
  return result;
}

plot_figure timeline_figure(const workload_group& of,
                            const backend_names& names) {
  return {of.name + ": over the run",
          {"seconds since the first write", false, plot_unit::number, {}},
          {timeline_panel(of, names), p99_panel(of, names)}};
}

std::vector<plot_figure> client_figures(const level& of,
                                        const backend_names& names) {
  std::vector<plot_figure> result;
  for (auto& [_, all] : by_shape(of, names)) {
    auto figure = client_figure(all, names);
    if (figure.x.ticks.size() > 1)
      result.push_back(std::move(figure));
  }
  return result;
}

bool are_far_apart(const std::vector<plot_line>& lines) {
  constexpr double far = 20;
  auto least = HUGE_VAL;
  double most = 0;
  for (auto& line : lines) {
    double highest = 0;
    for (auto& x : line.points)
      if (std::isfinite(x.y))
        highest = std::max(highest, x.y);
    if (highest > 0)
      least = std::min(least, highest);
    most = std::max(most, highest);
  }
  return most > far * least;
}

} // namespace onewriter::bench
