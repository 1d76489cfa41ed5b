#pragma once

#include "bench/results/finding.hpp"

#include <string>
#include <vector>

// How tables and pages say what became of targets.

namespace onewriter::bench {

/// The factor or the figure, `-` where there is none.
std::string measured_cell(const finding& x);

/// `at least 0.8`.
std::string limit_cell(const finding& x);

/// `yes`, `no`, or `-` where nothing was measured.
std::string met_cell(const finding& x);

/// What it is made of: `onewriter 8,123, raw-1000 9,456 rows/s`.
std::string figures_cell(const finding& x);

/// `rows/s`, or as short for the others.
std::string unit_of(figure x);

/// How many targets were met, and what to know about the figures.
std::string summary_of(const std::vector<finding>& all);

} // namespace onewriter::bench
