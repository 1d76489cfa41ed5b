#include "bench/report/plot.hpp"

#include "bench/report/markup.hpp"
#include "bench/report/plot_layout.hpp"
#include "bench/report/plot_style.hpp"

#include <algorithm>
#include <cmath>

namespace onewriter::bench {

namespace {

std::string attribute(const char* name, double x) {
  return std::string{name} + "=\"" + pixels(x) + "\" ";
}

std::string text_at(double x, double y, const std::string& text,
                    const std::string& classes, const char* anchor = "start") {
  return element("text", text,
                 attribute("x", x) + attribute("y", y) + "class=\"" + classes
                   + "\" text-anchor=\"" + anchor + '"')
         + '\n';
}

std::string straight(double x1, double y1, double x2, double y2,
                     const char* classes) {
  return "<line " + attribute("x1", x1) + attribute("y1", y1)
         + attribute("x2", x2) + attribute("y2", y2) + "class=\"" + classes
         + "\"/>\n";
}

std::string marker_at(double x, double y, size_t look) {
  return "<path class=\"marker\" transform=\"translate(" + pixels(x) + ' '
         + pixels(y) + ")\" d=\"" + marker_path(look) + "\"/>\n";
}

// The room that a text beside a tick needs.
constexpr double text_height = 13;

// -- axes ---------------------------------------------------------------------------
//
// Texts that would overlap the one before are left out.

std::string y_axis(const plot_layout& at, const plot_layout::area& area,
                   const plot_axis& axis) {
  auto label = axis.logarithmic ? axis.label + ", log scale" : axis.label;
  auto result = text_at(0, area.top - 12, label, "quiet");
  auto free = HUGE_VAL;
  for (auto& tick : area.y.ticks()) {
    auto y = at.y_of(area, tick.at);
    result += straight(at.left, y, at.right, y, "grid");
    if (y > free)
      continue;
    free = y - text_height;
    result += text_at(at.left - 8, y + 4, tick.text, "quiet", "end");
  }
  auto bottom = area.top + area.height;
  return result + straight(at.left, bottom, at.right, bottom, "axis");
}

std::string x_grid(const plot_layout& at, const plot_layout::area& area) {
  std::string result;
  for (auto& tick : at.x().ticks()) {
    auto x = at.x_of(tick.at);
    result += straight(x, area.top, x, area.top + area.height, "grid");
  }
  return result;
}

std::string x_axis(const plot_layout& at, const plot_axis& axis) {
  auto& last = at.areas.back();
  auto bottom = last.top + last.height;
  std::string result;
  auto free = -HUGE_VAL;
  for (auto& tick : at.x().ticks()) {
    auto x = at.x_of(tick.at);
    auto width = text_width(tick.text);
    if (x - width / 2 < free)
      continue;
    free = x + width / 2 + 4;
    result += text_at(x, bottom + 18, tick.text, "quiet", "middle");
  }
  auto label = axis.logarithmic && axis.ticks.empty()
                 ? axis.label + ", log scale"
                 : axis.label;
  return result
         + text_at((at.left + at.right) / 2, bottom + 40, label, "quiet",
                   "middle");
}

// -- lines --------------------------------------------------------------------------

// Those between two gaps are one line.
std::vector<std::vector<plot_point>> pieces_of(const plot_line& of) {
  std::vector<std::vector<plot_point>> result(1);
  for (auto& x : of.points)
    if (std::isfinite(x.y))
      result.back().push_back(x);
    else if (!result.back().empty())
      result.emplace_back();
  return result;
}

std::string polyline(const plot_layout& at, const plot_layout::area& area,
                     const std::vector<plot_point>& points) {
  std::string result = "<polyline class=\"line\" points=\"";
  for (auto& x : points)
    result += pixels(at.x_of(x.x)) + ',' + pixels(at.y_of(area, x.y)) + ' ';
  result.back() = '"';
  return result + "/>\n";
}

std::string whisker(double x, double top, double bottom) {
  constexpr double cap = 4;
  auto bar = 'h' + pixels(2 * cap);
  return "<path class=\"whisker\" d=\"M" + pixels(x - cap) + ' ' + pixels(top)
         + bar + 'M' + pixels(x) + ' ' + pixels(top) + 'V' + pixels(bottom)
         + 'M' + pixels(x - cap) + ' ' + pixels(bottom) + bar + "\"/>\n";
}

std::string piece(const plot_layout& at, const plot_layout::area& area,
                  const std::vector<plot_point>& points, size_t look) {
  std::string result;
  for (auto& x : points)
    if (x.spread && std::isfinite(x.spread->first)
        && std::isfinite(x.spread->second))
      result += whisker(at.x_of(x.x), at.y_of(area, x.spread->second),
                        at.y_of(area, x.spread->first));
  if (points.size() > 1)
    result += polyline(at, area, points);
  for (auto& x : points)
    if (x.marked || points.size() == 1)
      result += marker_at(at.x_of(x.x), at.y_of(area, x.y), look);
  return result;
}

std::string line_group(const plot_layout& at, const plot_layout::area& area,
                       const plot_line& of) {
  auto result = "<g class=\"" + look_classes(of.look) + "\">\n";
  for (auto& points : pieces_of(of))
    result += piece(at, area, points, of.look);
  return result + "</g>\n";
}

std::string panel(const plot_layout& at, size_t index, const plot_panel& of) {
  auto& area = at.areas[index];
  auto result = x_grid(at, area) + y_axis(at, area, of.y);
  if (of.lines.empty())
    result += text_at((at.left + at.right) / 2, area.top + area.height / 2,
                      "nothing was measured", "quiet", "middle");
  for (auto& x : of.lines)
    result += line_group(at, area, x);
  return result;
}

std::string legend(const plot_layout& at) {
  std::string result;
  auto y = at.areas.front().top + 8;
  for (auto& x : at.legend) {
    auto left = at.right + 18;
    result += "<g class=\"" + look_classes(x.look) + "\">\n"
              + straight(left, y, left + 28, y, "line")
              + marker_at(left + 14, y, x.look) + "</g>\n";
    result += text_at(left + 36, y + 4, x.name, "name");
    y += 21;
  }
  return result;
}

std::string view_box(double left, double top, double width, double height) {
  return "viewBox=\"" + pixels(left) + ' ' + pixels(top) + ' ' + pixels(width)
         + ' ' + pixels(height) + "\" ";
}

// What a document of its own has beside the drawing.
std::string ground(double left, double top, double width, double height) {
  return "<style>\n" + plot_style(plot_theme::light)
         + "</style>\n<rect class=\"paper\" " + attribute("x", left)
         + attribute("y", top) + attribute("width", width)
         + attribute("height", height) + "/>\n";
}

std::string opening_tag(const plot_figure& of, const plot_layout& at,
                        plot_place place) {
  auto result = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" "
                "role=\"img\" aria-label=\""
                + escaped(of.title) + "\" ";
  if (place == plot_place::page)
    return result + view_box(0, 0, plot_layout::width, at.height) + ">\n";
  constexpr double margin = 20;
  auto width = plot_layout::width + 2 * margin;
  auto height = at.height + 2 * margin;
  return result + attribute("width", width) + attribute("height", height)
         + view_box(-margin, -margin, width, height) + ">\n"
         + ground(-margin, -margin, width, height);
}

} // namespace

std::string to_svg(const plot_figure& of, plot_place place) {
  plot_layout at{of};
  auto result = opening_tag(of, at, place);
  result += text_at(0, 16, of.title, "title");
  for (size_t i = 0; i < of.panels.size(); ++i)
    result += panel(at, i, of.panels[i]);
  if (!of.panels.empty())
    result += x_axis(at, of.x) + legend(at);
  return result + "</svg>\n";
}

} // namespace onewriter::bench
