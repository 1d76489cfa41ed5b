#pragma once

#include "app/core/node_config.hpp"
#include "app/demo/setup/demo_options.hpp"
#include "onewriter/options.hpp"

namespace onewriter::node {

/// Returns how the database is to be run; its file is still to be chosen.
/// Throws a `run_failure` for an option that is out of its range.
[[nodiscard]] options node_options(const node_config& cfg,
                                   const demo_options& args);

} // namespace onewriter::node
