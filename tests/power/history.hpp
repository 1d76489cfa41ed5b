#pragma once

#include "tests/power/disk/disk_state.hpp"
#include "tests/power/disk/folders.hpp"
#include "tests/power/disk/volatile_disk.hpp"
#include "tests/power/power_report.hpp"
#include "tests/power/process_run.hpp"

#include <cstdint>
#include <iosfwd>
#include <string>

namespace onewriter::test {

/// Process runs of one database whose power is cut repeatedly.
inline constexpr uint64_t runs_per_history = 3;

/// Power cuts that are tried per run.
inline constexpr uint64_t cuts_per_run = 40;

/// The harness that all histories share.
struct harness {
  caf::actor_system& sys;
  volatile_disk disk;
  work_folder folder;
  /// Where the documents are; their disk does not fail.
  std::string documents;
  uint64_t seed = 0;
  /// The only cut that is looked at; 0 for all.
  uint64_t only = 0;
  /// Gets the problems that are found.
  std::ostream& complaints;
  /// Whether the files of failed cuts are kept.
  bool keeps_remains = true;

  harness(caf::actor_system& sys, std::ostream& complaints);
};

/// Runs a database until power cuts number `first` to `last`, at most
/// `runs_per_history * cuts_per_run`, have been tried. All cuts but the last
/// of a run are computed from the changes to the disk; the last one really
/// happens, and the next run begins with the files that it left.
void run_history(harness& lab, uint64_t first, uint64_t last,
                 power_counts& counts);

} // namespace onewriter::test
