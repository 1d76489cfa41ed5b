#pragma once

#include <cstdint>

namespace onewriter::test {

/// The numbers of the operations that are made to fail, one in each run: all of
/// them, or the first and the last ones and some of those between.
class point_range {
public:
  /// `count` operations are expected; `wanted` is how many to try, about, and 0
  /// means all.
  point_range(uint64_t count, uint64_t wanted)
    : count_{count},
      edge_{wanted == 0 ? count : wanted / 4},
      step_{stride(count, wanted)} {
    // nop
  }

  /// Tells whether a number past what was expected is worth another run: after
  /// three that were not reached there is nothing left.
  bool more(bool reached) {
    missed_ = reached ? 0 : missed_ + 1;
    return index_ < count_ || missed_ < 3;
  }

  uint64_t index() const {
    return index_;
  }

  void advance() {
    auto at_edge = index_ < edge_ || index_ + edge_ >= count_;
    auto next = index_ + (at_edge ? 1 : step_);
    auto last_ones = count_ > edge_ ? count_ - edge_ : 0;
    index_ = !at_edge && next > last_ones ? last_ones : next;
  }

private:
  static uint64_t stride(uint64_t count, uint64_t wanted) {
    if (wanted < 4 || count <= wanted)
      return 1;
    auto inner = count - wanted / 4 * 2;
    auto runs = wanted - wanted / 4 * 2;
    return (inner + runs - 1) / runs;
  }

  uint64_t count_;
  uint64_t edge_;
  uint64_t step_;
  uint64_t index_ = 0;
  int missed_ = 0;
};

} // namespace onewriter::test
