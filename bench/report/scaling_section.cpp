#include "bench/report/scaling_section.hpp"

#include "bench/report/curves.hpp"
#include "bench/report/groups.hpp"
#include "bench/report/plot.hpp"
#include "bench/report/wording.hpp"

#include <algorithm>
#include <limits>

namespace onewriter::bench {

namespace {

constexpr auto none = std::numeric_limits<double>::quiet_NaN();

// Where `x` is in `all`, which it is added to if it is not there.
size_t place_of(std::vector<std::string>& all, const std::string& x) {
  auto found = std::find(all.begin(), all.end(), x);
  if (found == all.end())
    found = all.insert(found, x);
  return static_cast<size_t>(found - all.begin());
}

struct scaling_plot {
  std::vector<std::string> xs;
  std::vector<std::string> names;
  plot_panel rates{{"rows/s", false, plot_unit::number, {}}, {}};
  plot_panel p99s{{"p99 of the writes", false, plot_unit::microseconds, {}},
                  {}};
};

void add(scaling_plot& to, const scaling_line& x) {
  auto name = x.backend + ", " + to_string(x.synchronous);
  auto look = place_of(to.names, name);
  if (look == to.rates.lines.size()) {
    to.rates.lines.push_back({name, look, {}});
    to.p99s.lines.push_back({name, look, {}});
  }
  auto at = static_cast<double>(place_of(to.xs, x.x));
  auto [low, high] = x.spread;
  auto spread = high > low ? std::optional{x.spread} : std::nullopt;
  to.rates.lines[look].points.push_back({at, x.rows_per_second, spread, true});
  to.p99s.lines[look].points.push_back({at, x.p99_us, std::nullopt, true});
}

void finish(plot_panel& x) {
  for (auto& line : x.lines)
    std::stable_sort(line.points.begin(), line.points.end(),
                     [](auto& y, auto& z) { return y.x < z.x; });
  x.y.logarithmic = are_far_apart(x.lines);
}

} // namespace

scaling_line make_scaling_line(std::string x, const series& of) {
  scaling_line result{
    std::move(x), of.backend, of.synchronous, none, {none, none}, none, none};
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

std::string scaling_svg(const scaling_section& of) {
  scaling_plot plot;
  for (auto& x : of.lines)
    add(plot, x);
  finish(plot.rates);
  finish(plot.p99s);
  plot_figure result{of.title, {of.x_name, false, plot_unit::number, {}}, {}};
  for (size_t i = 0; i < plot.xs.size(); ++i)
    result.x.ticks.push_back({static_cast<double>(i), plot.xs[i]});
  result.panels = {std::move(plot.rates), std::move(plot.p99s)};
  return to_svg(result, plot_place::file);
}

} // namespace onewriter::bench
