#pragma once

#include "bench/measure/recorder.hpp"
#include "bench/workload/task.hpp"
#include "onewriter/options.hpp"

#include <functional>
#include <string>
#include <vector>

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

/// Returns the backend of this name. Throws `std::runtime_error` where there is
/// none.
const backend& find_backend(const std::vector<backend>& all,
                            const std::string& name);

} // namespace onewriter::bench
