#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// Line plots as SVG.

namespace onewriter::bench {

struct plot_point {
  double x = 0;
  /// The line has a gap where this is no finite number. On a logarithmic axis,
  /// zero is drawn at the bottom.
  double y = 0;
  /// The ends of a whisker.
  std::optional<std::pair<double, double>> spread;
  bool marked = true;
};

struct plot_line {
  /// For the legend; lines of different panels with the same name share a look.
  std::string name;
  /// Decides about colour, marker and dashes; the first eight are the easiest
  /// to tell apart.
  size_t look = 0;
  /// In the order of `x`.
  std::vector<plot_point> points;
};

enum class plot_unit : uint8_t { number, microseconds };

struct plot_tick {
  double at = 0;
  std::string text;
};

struct plot_axis {
  std::string label;
  bool logarithmic = false;
  /// What made ticks say: `20k`, or `20 ms`.
  plot_unit unit = plot_unit::number;
  /// Made where there are none: linear axes then begin at zero, and ends are
  /// ticks. With these, the axis ends near the outermost points.
  std::vector<plot_tick> ticks;
};

/// One pair of axes and what is drawn between them.
struct plot_panel {
  plot_axis y;
  std::vector<plot_line> lines;
};

/// Panels below each other, which share the horizontal axis and a legend.
struct plot_figure {
  std::string title;
  plot_axis x;
  std::vector<plot_panel> panels;
};

enum class plot_place : uint8_t {
  /// Colours come from the page's style sheet, see `plot_style`.
  page,
  /// A document of its own on white ground.
  file,
};

/// Returns an `svg` element.
std::string to_svg(const plot_figure& of, plot_place place);

} // namespace onewriter::bench
