#pragma once

#include "tests/crash/run_report.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::test {

/// What all runs have in common.
struct run_setting {
  /// A folder of the run's own.
  std::string folder;
  uint64_t seed = 0;
  /// Words for the command line of each writer process.
  std::vector<std::string> words;
};

/// Kills `kills` writer processes, one after the other on the same file, lets a
/// last one finish in order, and compares receipts with rows. With `keyed`,
/// clients send again under idempotency keys what was not acknowledged; with
/// `tiny`, every resource is tiny, and clients also send what needs more and
/// fails.
run_report run_kills(const run_setting& setting, size_t kills, bool keyed,
                     bool tiny);

/// Stops `stops` writer processes by SIGTERM, one after the other on the same
/// file. Each has to answer all callers, to leave only the database, and to end
/// within its limit.
run_report run_stops(const run_setting& setting, size_t stops);

} // namespace onewriter::test
