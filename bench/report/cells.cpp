#include "bench/report/cells.hpp"

#include "actors/console/format.hpp"
#include "bench/measure/measurement.hpp"

#include <cmath>
#include <cstdio>

namespace onewriter::bench {

std::string number_cell(double x) {
  return std::isfinite(x) ? format_rate(x) : "-";
}

std::string quantile_cell(const std::shared_ptr<const histogram>& of,
                          double q) {
  if (of == nullptr || of->count() == 0)
    return "-";
  return format_rate(microseconds(q < 1 ? of->quantile(q) : of->max()));
}

std::string spread_cell(std::pair<double, double> spread, double median) {
  // One round has none.
  if (spread.first == spread.second)
    return "-";
  auto low = spread.first / median - 1;
  auto high = spread.second / median - 1;
  if (!std::isfinite(low) || !std::isfinite(high))
    return "-";
  return '-' + format_fixed(std::abs(low) * 100, 0) + "..+"
         + format_fixed(high * 100, 0) + " %";
}

std::string share_cell(double share) {
  if (!std::isfinite(share))
    return "-";
  auto percent = share * 100;
  auto small = percent > 0 && percent < 9.95;
  return format_fixed(percent, small ? 1 : 0) + " %";
}

std::string percentile_text(double q) {
  char buf[32];
  std::snprintf(buf, sizeof buf, "%.10g", q * 100);
  return buf;
}

std::string factor_cell(double x) {
  if (!std::isfinite(x))
    return "-";
  auto decimals = x >= 9.95 ? 0 : x >= 0.0995 ? 2 : 4;
  return format_fixed(x, decimals);
}

} // namespace onewriter::bench
