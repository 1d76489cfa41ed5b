#pragma once

#include "onewriter/options.hpp"
#include "tests/power/disk/sector_damage.hpp"

#include <cstdint>
#include <iosfwd>
#include <vector>

namespace onewriter::test {

/// The cuts with one level of `synchronous`, and their results.
struct power_counts {
  enum synchronous level = synchronous::full;
  uint64_t cuts = 0;
  /// Cuts that stopped a running system; the rest were computed from the
  /// changes of a running system.
  uint64_t real_cuts = 0;
  uint64_t failed_cuts = 0;
  uint64_t runs = 0;
  /// Runs in which every resource was tiny, and runs in which a reader pinned
  /// the log.
  uint64_t tiny_runs = 0;
  uint64_t pinned_runs = 0;
  /// Requests that had to fail after they had changed more than fits.
  uint64_t burdens = 0;
  /// Writes that were acknowledged before a cut, over all cuts.
  uint64_t acknowledged = 0;
  uint64_t lost = 0;
  uint64_t lost_commits = 0;
  /// Cuts while an index job was on its way, and how many of these jobs went on
  /// where they had been stopped.
  uint64_t jobs_interrupted = 0;
  uint64_t jobs_resumed = 0;
  damage_counts damage;
};

void print_table(std::ostream& out, const std::vector<power_counts>& lines);

} // namespace onewriter::test
