#include "bench/report/plot_layout.hpp"

#include "actors/console/format.hpp"

#include <algorithm>
#include <cmath>

namespace onewriter::bench {

namespace {

constexpr double title_height = 34;
constexpr double label_height = 24;
constexpr double x_axis_height = 52;
constexpr double between_panels = 22;
constexpr double lone_panel_height = 280;
constexpr double panel_height = 170;

constexpr double entry_height = 21;
constexpr double swatch_width = 58;

// What the whiskers reach is on the axis, too.
std::vector<double> y_values(const plot_panel& of) {
  std::vector<double> result;
  for (auto& line : of.lines)
    for (auto& point : line.points) {
      result.push_back(point.y);
      if (point.spread)
        result.insert(result.end(),
                      {point.spread->first, point.spread->second});
    }
  return result;
}

std::vector<double> x_values(const plot_figure& of) {
  std::vector<double> result;
  for (auto& panel : of.panels)
    for (auto& line : panel.lines)
      for (auto& point : line.points)
        result.push_back(point.x);
  return result;
}

// Where the line ends; below all other lines if nowhere.
double last_y(const plot_line& of) {
  for (auto i = of.points.rbegin(); i != of.points.rend(); ++i)
    if (std::isfinite(i->y))
      return i->y;
  return -HUGE_VAL;
}

double widest_tick(const plot_scale& of) {
  double result = 0;
  for (auto& x : of.ticks())
    result = std::max(result, text_width(x.text));
  return result;
}

} // namespace

plot_layout::plot_layout(const plot_figure& of) : x_{of.x, x_values(of)} {
  add_areas(of);
  add_legend(of);
  double ticks = 0;
  for (auto& x : areas)
    ticks = std::max(ticks, widest_tick(x.y));
  double names = 0;
  for (auto& x : legend)
    names = std::max(names, text_width(x.name));
  left = std::ceil(ticks + 18);
  right = std::floor(width - swatch_width - names);
  // Names that are longer than anything expected leave the plot its half.
  right = std::max(right, left + width / 2);
}

void plot_layout::add_areas(const plot_figure& of) {
  auto size = of.panels.size() == 1 ? lone_panel_height : panel_height;
  auto top = title_height;
  for (auto& panel : of.panels) {
    top += label_height;
    areas.push_back({top, size, plot_scale{panel.y, y_values(panel)}});
    top += size + between_panels;
  }
  height = top - between_panels + x_axis_height;
}

void plot_layout::add_legend(const plot_figure& of) {
  for (auto& panel : of.panels) {
    auto lines = panel.lines;
    std::stable_sort(lines.begin(), lines.end(),
                     [](auto& x, auto& y) { return last_y(x) > last_y(y); });
    for (auto& line : lines) {
      auto known = std::any_of(legend.begin(), legend.end(), [&](auto& x) {
        return x.name == line.name && x.look == line.look;
      });
      if (!known)
        legend.push_back({line.name, line.look});
    }
  }
  auto top = title_height + label_height;
  auto size = static_cast<double>(legend.size()) * entry_height;
  height = std::max(height, top + size + entry_height);
}

double text_width(const std::string& text) {
  return static_cast<double>(columns_of(text)) * 6.9;
}

} // namespace onewriter::bench
