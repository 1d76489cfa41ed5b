#pragma once

#include "onewriter/ec.hpp"
#include "tests/model/plan.hpp"
#include "tests/vfs/unsynced_disk.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace onewriter::test {

/// The results of playing a sequence.
struct play_report {
  /// What broke the contract, in sentences; empty where nothing did.
  std::vector<std::string> complaints;
  /// How often each error, or `ec::none`, was the reply.
  std::map<ec, uint64_t> replies;
  /// How often the writer was made to fail, and how often it was restarted.
  uint64_t faults = 0;
  uint64_t restarts = 0;
  /// How often the file was closed.
  uint64_t closings = 0;
  /// Large requests that were sent, whether they had to fail or not.
  uint64_t burdens = 0;
  /// How the file was set up; see `plan`.
  bool tiny = false;
  bool pinned = false;
};

/// Plays a sequence on a new file and compares all replies with what the
/// contract allows.
play_report play(caf::actor_system& sys, unsynced_disk& disk, const plan& what);

} // namespace onewriter::test
