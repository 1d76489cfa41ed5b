#pragma once

#include "app/demo/summary/demo_result.hpp"

namespace onewriter::node {

/// Prints the results of a run on standard output: as one JSON object where
/// that was asked for, else as text, below an empty line where `set_off`.
/// Throws a `run_failure` where standard output takes nothing.
void print_results(const demo_result& what, bool set_off);

} // namespace onewriter::node
