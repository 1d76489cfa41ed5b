#pragma once

#include "tests/crash/verdict.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::test {

/// The counts of one series of processes, and of the file afterwards.
struct run_report {
  std::string name;
  uint64_t killed = 0;
  uint64_t killed_opening = 0;
  uint64_t killed_with_log = 0;
  uint64_t killed_in_checkpoint = 0;
  /// Those of whose readers one pinned the log.
  uint64_t killed_pinned = 0;
  uint64_t killed_indexing = 0;
  uint64_t killed_stopping = 0;
  uint64_t stopped = 0;
  uint64_t stopped_undrained = 0;
  std::chrono::milliseconds longest_stop{0};
  uint64_t resent = 0;
  /// Large requests that had to fail and did, as far as replies say.
  uint64_t burdens = 0;
  uint64_t documents_whole = 0;
  uint64_t documents_acknowledged = 0;
  /// Those that the last process did not have to begin.
  uint64_t documents_kept = 0;
  /// Violations that a process reported or the driver found.
  std::vector<std::string> troubles;
  verdict outcome;

  bool is_good() const {
    return troubles.empty() && outcome.is_good();
  }
};

/// Prints one column for each report, and all troubles below.
void print(const std::vector<run_report>& reports);

} // namespace onewriter::test
