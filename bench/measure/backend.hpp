#pragma once

#include "bench/measure/recorder.hpp"
#include "bench/workload/task.hpp"
#include "onewriter/options.hpp"

#include <functional>
#include <string>

namespace onewriter::bench {

/// A way to get rows into a file: onewriter, or one of the baselines.
struct backend {
  std::string name;
  /// A description of one line.
  std::string summary;
  /// Whether it can do this task.
  std::function<bool(const task&)> suits;
  /// Opens a file that does not exist yet with the PRAGMAs that follow from the
  /// options, makes the schema, starts the recorder, carries out the task,
  /// notes what was acknowledged, and closes the file. Throws `std::exception`.
  std::function<void(const task&, const options&, recorder&)> run;
};

} // namespace onewriter::bench
