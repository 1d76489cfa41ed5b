#pragma once

#include "bench/results/results.hpp"
#include "onewriter/options.hpp"

namespace onewriter::bench {

/// Returns facts that figures depend on: processor, memory, versions, the file
/// system of `folder`, and the PRAGMAs.
facts machine_facts(const options& opts, const std::string& folder);

} // namespace onewriter::bench
