#pragma once

#include "onewriter/config.hpp"

#include <cstdint>
#include <string>

namespace onewriter::test {

/// The options of the programs that let one thing after the other go wrong.
class fault_config : public config {
public:
  fault_config() {
    opt_group{custom_options_, "global"}
      .add(all, "all", "tries every point")
      .add(only, "only",
           "tries one point: KIND:FAULT:DURATION:INDEX[:tiny][:pinned], as "
           "a failing run is reported")
      .add(runs, "runs", "about how many runs where not all; 0: the default")
      .add(verbose, "verbose", "prints a line for each run");
  }

  bool all = false;
  std::string only;
  uint64_t runs = 0;
  bool verbose = false;
};

} // namespace onewriter::test
