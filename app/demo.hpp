#pragma once

#include "app/arguments.hpp"
#include "app/node_config.hpp"

namespace onewriter::node {

/// Runs the demo on the calling thread and prints what comes of it. Returns the
/// exit status of the program: 0 where every check holds, 1 where one does not
/// or the demo could not run, 2 for arguments that cannot be right.
[[nodiscard]] int run_demo(node_config& cfg, const demo_arguments& args);

} // namespace onewriter::node
