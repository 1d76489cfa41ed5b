#include "bench/measure/percentile_curve.hpp"

#include "bench/measure/measurement.hpp"

#include <algorithm>

namespace onewriter::bench {

namespace {

// The preferred numbers R10, which go up by about a quarter and have 2 among
// them, so that p50 is a point.
constexpr double steps[] = {1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8};

constexpr double records_beyond = 10;

} // namespace

std::vector<curve_point> percentile_curve(const histogram& of) {
  std::vector<curve_point> result;
  auto count = static_cast<double>(of.count());
  if (of.count() == 0)
    return result;
  auto last = std::max(count / records_beyond, 2.0);
  for (double decade = 1;; decade *= 10)
    for (auto step : steps) {
      auto one_of = decade * step;
      if (one_of > last)
        return result;
      auto quantile = 1 - 1 / one_of;
      result.push_back({quantile, microseconds(of.quantile(quantile))});
    }
}

} // namespace onewriter::bench
