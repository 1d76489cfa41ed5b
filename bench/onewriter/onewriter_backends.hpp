#pragma once

#include "bench/measure/backend.hpp"

#include <string>
#include <vector>

namespace onewriter::bench {

/// Returns onewriter as programs use it: `onewriter` and `onewriter-threads`
/// with no option set, `node` and `node-threads` set up as in the node; each
/// with client actors, and with threads that have a blocking `client` each.
/// `words` are options of CAF and of the database that apply to all. Each
/// measurement has an actor system of its own.
std::vector<backend> onewriter_backends(const std::vector<std::string>& words
                                        = {});

} // namespace onewriter::bench
