#pragma once

#include "onewriter/options.hpp"

#include <cstddef>
#include <cstdint>
#include <random>

namespace onewriter::test {

/// What is done between the opening of a file and the power cut, or the end;
/// all of it follows from a seed.
struct run_plan {
  /// How often the file is opened and closed.
  uint32_t sessions = 1;
  uint32_t writes_per_session = 0;
  /// Writes that are on their way at the same time.
  uint32_t window = 1;
  /// Sizes of the log that make checkpoints due, or cut it back.
  uint32_t checkpoint_pages = 0;
  uint64_t wal_limit_bytes = 0;
  /// Where the power is cut, in changes of the disk; may be beyond the end.
  size_t cut_at = 0;
  /// Whether every resource is tiny, and requests fail that need more.
  bool tiny = false;
  /// Whether a reader keeps the log from being restarted.
  bool pinned = false;

  static run_plan draw(std::mt19937_64& random, bool tiny);

  /// Returns the options of a database that runs so.
  options database_options(enum synchronous level) const;
};

} // namespace onewriter::test
