#pragma once

#include <chrono>
#include <cstddef>

namespace onewriter {

/// Computes how much work fits into a chunk, from the time that chunks took.
///
/// Chunks are sized to take 60 % of the limit, so that most of those that take
/// longer than expected still keep to it. The size at most doubles from one
/// chunk to the next, and is cut immediately when a chunk took too long.
/// Belongs to one thread; has no clock.
class chunk_budget {
public:
  /// The first chunk has `first_units` units, 0 counts as 1. Start small: the
  /// time per unit is not known yet.
  explicit chunk_budget(std::chrono::nanoseconds limit, size_t first_units = 1);

  /// Changes the limit; the size of the next chunk changes in proportion.
  void set_limit(std::chrono::nanoseconds limit);

  /// Returns how many units the next chunk should have, 1 or more.
  size_t units() const {
    return units_;
  }

  /// Records that a chunk of `units` units took `elapsed`. A chunk smaller than
  /// requested counts only if it took too long nevertheless: most of its time
  /// may be the fixed cost of a chunk.
  void measured(size_t units, std::chrono::nanoseconds elapsed);

private:
  double target_ns_;
  size_t units_;
};

} // namespace onewriter
