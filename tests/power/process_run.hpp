#pragma once

#include "tests/power/run_ledger.hpp"
#include "tests/power/run_plan.hpp"

#include <string>
#include <vector>

namespace onewriter::test {

/// What came of a run.
struct run_record {
  run_ledger ledger;
  /// All changes of the disk, in order.
  std::vector<disk_change> changes;
  /// Whether the power was cut; otherwise the file was closed in order.
  bool was_cut = false;
};

/// Opens `test.db` in `folder`, where the documents to be indexed are in
/// `documents`, and runs as planned. `ledger` says what is in the file.
run_record run_process(caf::actor_system& sys, volatile_disk& disk,
                       const std::string& folder, const std::string& documents,
                       const run_plan& plan, enum synchronous level,
                       uint64_t seed, run_ledger ledger);

} // namespace onewriter::test
