#pragma once

#include <cstdint>
#include <vector>

namespace onewriter {

/// A set of numbers, kept as ranges: it is small where most of them are
/// neighbours. `UINT64_MAX` cannot be in it.
class number_set {
public:
  /// The numbers from `first` to `last`.
  struct range {
    uint64_t first = 0;
    uint64_t last = 0;
  };

  void add(uint64_t number);

  bool has(uint64_t number) const;

  void remove_below(uint64_t first);

  /// Returns the ranges, ascending; there is a gap between each two.
  const std::vector<range>& ranges() const {
    return ranges_;
  }

  /// Appends a range that begins behind all others, with a gap.
  void append(range x) {
    ranges_.push_back(x);
  }

private:
  std::vector<range> ranges_;
};

} // namespace onewriter
