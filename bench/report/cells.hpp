#pragma once

#include "actors/policy/histogram.hpp"

#include <memory>
#include <string>
#include <utility>

// How tables and pages write figures.

namespace onewriter::bench {

/// A number of any size, `-` for what is none: `3.2`, `1,234`.
std::string number_cell(double x);

/// A quantile in microseconds and without the unit, `-` where nothing was
/// recorded.
std::string quantile_cell(const std::shared_ptr<const histogram>& of, double q);

/// How far the slowest and the fastest round are from `median`: `-2..+5 %`.
std::string spread_cell(std::pair<double, double> spread, double median);

/// A share that may exceed the whole: `130 %`, `0.4 %`, `-` for what is none.
std::string share_cell(double share);

/// The least number of decimals that tells the percentile `q`: `99.9`.
std::string percentile_text(double q);

/// A factor with at least two digits: `0.0041`, `0.87`, `31`, `-` for what is
/// none.
std::string factor_cell(double x);

} // namespace onewriter::bench
