#include "bench/report/plot_scale.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>

namespace onewriter::bench {

namespace {

// The least of 1, 2, 5 and 10 times a power of ten that is not below `x`, give
// or take what is lost in the calculation.
double round_up(double x) {
  auto power = std::pow(10, std::floor(std::log10(x)));
  for (auto step : {1, 2, 5})
    if (step * power >= x * (1 - 1e-9))
      return step * power;
  return 10 * power;
}

double round_down(double x) {
  auto power = std::pow(10, std::floor(std::log10(x) + 1e-9));
  for (auto step : {5, 2})
    if (step * power <= x * (1 + 1e-9))
      return step * power;
  return power;
}

// More decades than this have no room for ticks between the powers of ten.
constexpr double most_decades = 3;

// With so many, every second power of ten has a tick.
constexpr double very_many_decades = 10;

// The part of a scale with given ticks that stays free at each end.
constexpr double margin = 0.03;

std::string with_unit(double x, const char* unit) {
  char buf[64];
  std::snprintf(buf, sizeof buf, "%.4g%s", x, unit);
  return buf;
}

} // namespace

std::vector<double> linear_ticks(double high) {
  auto step = round_up(high / 5);
  std::vector<double> result{0};
  while (result.back() < high * (1 - 1e-9))
    result.push_back(static_cast<double>(result.size()) * step);
  return result;
}

std::vector<double> logarithmic_ticks(double low, double high) {
  auto first = round_down(low);
  auto last = round_up(high);
  auto decades = std::log10(last / first);
  std::vector<double> result;
  for (auto x = first; x <= last * (1 + 1e-9); x = round_up(x * 1.5)) {
    auto power = std::log10(x);
    auto is_power = std::abs(power - std::round(power)) < 1e-9;
    auto odd = std::lround(power) % 2 != 0;
    auto skipped = decades > very_many_decades && odd;
    auto is_end = result.empty() || x > last * (1 - 1e-9);
    if (decades <= most_decades || is_end || (is_power && !skipped))
      result.push_back(x);
  }
  return result;
}

std::string number_text(double x) {
  constexpr const char* prefixes[] = {"", "k", "M", "G", "T"};
  size_t i = 0;
  for (; std::abs(x) >= 999.5 && i + 1 < std::size(prefixes); ++i)
    x /= 1'000;
  return with_unit(x, prefixes[i]);
}

std::string duration_text(double us) {
  if (us == 0)
    return "0";
  if (us < 0.9995)
    return with_unit(us * 1e3, " ns");
  if (us < 999.5)
    return with_unit(us, " \u00b5s");
  return us < 999.5e3 ? with_unit(us / 1e3, " ms") : with_unit(us / 1e6, " s");
}

plot_scale::plot_scale(const plot_axis& axis, const std::vector<double>& values)
  : logarithmic_{axis.logarithmic} {
  std::vector<double> fit;
  std::copy_if(
    values.begin(), values.end(), std::back_inserter(fit),
    [&](auto x) { return std::isfinite(x) && (!logarithmic_ || x > 0); });
  if (fit.empty())
    fit.push_back(1);
  auto [low, high] = std::minmax_element(fit.begin(), fit.end());
  low_ = *low;
  high_ = *high;
  if (axis.ticks.empty())
    make_ticks(axis.unit);
  else
    fit_given_ticks(axis.ticks);
}

double plot_scale::share(double x) const {
  if (logarithmic_ && x <= 0)
    return 0;
  auto low = transformed(low_);
  return (transformed(x) - low) / (transformed(high_) - low);
}

void plot_scale::fit_given_ticks(const std::vector<plot_tick>& ticks) {
  auto low = transformed(low_);
  auto high = transformed(high_);
  auto space = high > low ? (high - low) * margin : 0.5;
  low_ = logarithmic_ ? std::pow(10, low - space) : low - space;
  high_ = logarithmic_ ? std::pow(10, high + space) : high + space;
  for (auto& x : ticks)
    if (x.at >= low_ && x.at <= high_)
      ticks_.push_back(x);
}

void plot_scale::make_ticks(plot_unit unit) {
  // Never empty intervals.
  if (logarithmic_ && low_ == high_)
    high_ *= 1.5;
  auto values = logarithmic_ ? logarithmic_ticks(low_, high_)
                             : linear_ticks(high_ > 0 ? high_ : 1);
  low_ = logarithmic_ ? round_down(low_) : 0;
  high_ = logarithmic_ ? round_up(high_) : values.back();
  for (auto x : values)
    ticks_.push_back(
      {x, unit == plot_unit::number ? number_text(x) : duration_text(x)});
}

double plot_scale::transformed(double x) const {
  return logarithmic_ ? std::log10(x) : x;
}

} // namespace onewriter::bench
