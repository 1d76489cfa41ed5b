#pragma once

#include "tests/power/disk_state.hpp"
#include "tests/power/folders.hpp"
#include "tests/power/life.hpp"
#include "tests/power/power_report.hpp"
#include "tests/power/volatile_disk.hpp"

#include <cstdint>
#include <iosfwd>
#include <string>

namespace onewriter::test {

/// Lives of one database whose power is cut again and again.
inline constexpr uint64_t lives_per_history = 3;

/// Power cuts that are tried per life.
inline constexpr uint64_t cuts_per_life = 40;

/// What all histories share.
struct laboratory {
  caf::actor_system& sys;
  volatile_disk disk;
  work_folder folder;
  /// Where the documents are; their disk does not fail.
  std::string documents;
  uint64_t seed = 0;
  /// The only cut that is looked at; 0 for all.
  uint64_t only = 0;
  /// Who is told about what is wrong.
  std::ostream& complaints;
  /// Whether remains with which something is wrong are kept.
  bool keeps_remains = true;

  laboratory(caf::actor_system& sys, std::ostream& complaints);
};

/// Lets a database live until power cuts number `first` to `last`, at most
/// `lives_per_history * cuts_per_life`, have been tried. All cuts but the last
/// of a life are computed from what was done to the disk; the last one really
/// happens, and the next life begins with what it has left.
void run_history(laboratory& lab, uint64_t first, uint64_t last,
                 power_counts& counts);

} // namespace onewriter::test
