#pragma once

#include "bench/report/plot.hpp"
#include "bench/report/plot_scale.hpp"

#include <string>
#include <vector>

namespace onewriter::bench {

/// Where the parts of a figure are, in pixels from its upper left corner. The
/// legend has the right-hand side for itself.
class plot_layout {
public:
  /// The place between the axes of a panel.
  struct area {
    double top = 0;
    double height = 0;
    plot_scale y;
  };

  /// One line of the legend.
  struct entry {
    std::string name;
    size_t look = 0;
  };

  static constexpr double width = 860;

  explicit plot_layout(const plot_figure& of);

  /// Where `x` is from the left.
  double x_of(double x) const {
    return left + x_.share(x) * (right - left);
  }

  /// Where `y` is from the top, in one of the areas.
  double y_of(const area& in, double y) const {
    return in.top + (1 - in.y.share(y)) * in.height;
  }

  const plot_scale& x() const {
    return x_;
  }

  /// The ends of the horizontal axis.
  double left = 0;
  double right = 0;
  std::vector<area> areas;
  /// Ordered like the ends of the lines, from the top, so that the eye finds
  /// its way.
  std::vector<entry> legend;
  double height = 0;

private:
  void add_areas(const plot_figure& of);

  void add_legend(const plot_figure& of);

  plot_scale x_;
};

/// About how wide `text` is, in pixels; rather more than less.
double text_width(const std::string& text);

} // namespace onewriter::bench
