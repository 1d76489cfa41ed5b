#pragma once

#include "onewriter/client.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace onewriter::test {

/// Returns the version of the document that a search finds, 0 for none. Adds to
/// `problems` where it is none of `versions` as a whole.
uint64_t find_version(client& db, const std::set<uint64_t>& versions,
                      std::vector<std::string>& problems);

} // namespace onewriter::test
