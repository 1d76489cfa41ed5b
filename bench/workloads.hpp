#pragma once

#include "bench/task.hpp"

#include <string>
#include <vector>

namespace onewriter::bench {

/// A kind of load, with the sizes that it is measured in.
struct workload {
  std::string name;
  /// One line for people.
  std::string summary;
  struct variant {
    std::string name;
    task what;
  };
  std::vector<variant> variants;
};

/// Returns all workloads; `writes` is the first.
std::vector<workload> all_workloads();

} // namespace onewriter::bench
