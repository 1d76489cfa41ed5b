#pragma once

#include "app/serve/serve_arguments.hpp"
#include "app/serve/serve_config.hpp"

namespace onewriter::node {

/// Serves databases until SIGTERM or SIGINT, or until one of them has given up.
/// `cfg` has been read with `asked.system`. There has to be a `signal_shield`,
/// and no other thread. Returns the exit status.
[[nodiscard]] int run_serve(serve_config& cfg, const serve_request& asked);

} // namespace onewriter::node
