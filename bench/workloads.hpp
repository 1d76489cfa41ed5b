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

/// So many clients with so many writes on their way each.
task closed_loop(size_t clients, size_t outstanding);

/// What that is called: `64 x 16`.
std::string size_of(size_t clients, size_t outstanding);

/// Returns all workloads; `writes` is the first.
std::vector<workload> all_workloads();

} // namespace onewriter::bench
