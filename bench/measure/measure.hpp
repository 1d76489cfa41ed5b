#pragma once

#include "bench/measure/backend.hpp"
#include "bench/measure/measurement.hpp"

#include <functional>
#include <string>

namespace onewriter::bench {

/// Called about ten times a second while a measurement runs, on a thread of its
/// own. May stop the recorder.
using progress_function = std::function<void(recorder&)>;

/// Runs a task on a fresh file in `folder`, or on a fresh copy of a file that
/// has the rows that are there before, watches the size of the log, and
/// compares the file with what was acknowledged. Throws `std::exception`.
measurement measure(const backend& how, const task& what, options opts,
                    const std::string& folder,
                    const progress_function& progress);

} // namespace onewriter::bench
