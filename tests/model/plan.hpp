#pragma once

#include "tests/model/step.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::test {

/// A sequence of steps, and how the database is set up for it.
struct plan {
  uint64_t seed = 0;
  uint32_t senders = 2;
  /// Whether each commit is synced.
  bool full_sync = false;
  /// Whether the queue is so small that requests are refused and messages are
  /// dropped.
  bool tight_queue = false;
  /// Whether a turn takes few requests, so that there are many commits.
  bool short_turns = false;
  /// Whether the writer runs on the scheduler's threads.
  bool scheduled = false;
  /// Whether the disk may fail to sync.
  bool bad_disk = false;
  /// Whether every resource is tiny, and requests fail that need more.
  bool tiny = false;
  /// Whether a reader of another program may keep the log from being
  /// restarted.
  bool pinned = false;
  std::vector<step> steps;
};

/// Draws a sequence of `count` steps; the same for the same arguments.
plan make_plan(uint64_t seed, size_t count);

/// Returns the plan as a list of lines.
std::string to_string(const plan& x);

} // namespace onewriter::test
