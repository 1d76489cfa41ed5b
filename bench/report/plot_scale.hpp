#pragma once

#include "bench/report/plot.hpp"

#include <string>
#include <vector>

// Where values are on an axis, and what is written beside it.

namespace onewriter::bench {

/// Multiples of 1, 2 or 5 times a power of ten from zero to the first that is
/// not below `high`; about five.
std::vector<double> linear_ticks(double high);

/// Powers of ten, and twice and five times these where there are not too many,
/// from the last that is not above `low` to the first that is not below `high`.
/// Both are positive, and these ends are always there.
std::vector<double> logarithmic_ticks(double low, double high);

/// `0`, `250`, `1.5k`, `20k`, `3M`.
std::string number_text(double x);

/// `500 ns`, `20 µs`, `1.5 ms`, `10 s`.
std::string duration_text(double us);

/// The values from one end of an axis to the other.
class plot_scale {
public:
  /// Takes all of `values` in, except for those that the axis has no place for.
  plot_scale(const plot_axis& axis, const std::vector<double>& values);

  /// Returns where `x` is, from 0 at the lower end to 1 at the upper one.
  double share(double x) const;

  /// Those between the ends.
  const std::vector<plot_tick>& ticks() const {
    return ticks_;
  }

private:
  void fit_given_ticks(const std::vector<plot_tick>& ticks);

  void make_ticks(plot_unit unit);

  double transformed(double x) const;

  bool logarithmic_;
  double low_;
  double high_;
  std::vector<plot_tick> ticks_;
};

} // namespace onewriter::bench
