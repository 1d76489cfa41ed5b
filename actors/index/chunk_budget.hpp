#pragma once

#include <chrono>
#include <cstddef>

namespace onewriter {

/// Finds out how much work fits into a chunk, from the time that chunks took.
///
/// Chunks are sized to take 60 % of the limit, so that most of those that take
/// longer than expected still keep to it. The size at most doubles from one
/// chunk to the next, and is cut at once when a chunk took too long. Belongs to
/// one thread; has no clock of its own.
class chunk_budget {
public:
  /// The first chunk has `first_units` units, 0 counts as 1. Start small:
  /// nobody knows yet how long a unit takes.
  explicit chunk_budget(std::chrono::nanoseconds limit, size_t first_units = 1);

  /// Changes the limit: the next chunk is as much larger or smaller as it is.
  void set_limit(std::chrono::nanoseconds limit);

  /// Returns how many units the next chunk should have, 1 or more.
  size_t units() const {
    return units_;
  }

  /// Tells that a chunk of `units` units took `elapsed`. One that was smaller
  /// than asked for counts only where it took too long all the same: most of
  /// its time may be what a chunk costs whatever its size.
  void measured(size_t units, std::chrono::nanoseconds elapsed);

private:
  double target_ns_;
  size_t units_;
};

} // namespace onewriter
