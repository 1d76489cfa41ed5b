#pragma once

#include "actors/policy/histogram.hpp"
#include "bench/measurement.hpp"
#include "bench/task.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

// What tables and pages have in common in how they say things.

namespace onewriter::bench {

double microseconds(std::chrono::nanoseconds x);

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

std::string to_string(background_load x);

/// `1 row of 100 bytes a write`, and what else is special.
std::string describe(const row_shape& x);

/// One sentence that describes the load, without the full stop.
std::string describe(const task& what);

} // namespace onewriter::bench
