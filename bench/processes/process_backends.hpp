#pragma once

#include "bench/measure/backend.hpp"

#include <string>
#include <vector>

namespace onewriter::bench {

/// Returns the ways for several processes to write to one file: each client is
/// a process of its own. `words` are options of CAF and of the database. They
/// run only in the program `onewriter-bench`, which they start again.
std::vector<backend> process_backends(const std::vector<std::string>& words);

} // namespace onewriter::bench
