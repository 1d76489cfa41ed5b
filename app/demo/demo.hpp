#pragma once

#include "app/demo/setup/demo_config.hpp"
#include "app/demo/setup/demo_options.hpp"

namespace onewriter::node {

/// Runs the demo on the calling thread and prints the results. Returns the exit
/// status of the program: 0 if every check holds, 1 if a check fails or the
/// demo cannot run, 2 for bad arguments.
[[nodiscard]] int run_demo(demo_config& cfg, const demo_options& args);

} // namespace onewriter::node
