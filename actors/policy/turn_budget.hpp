#pragma once

#include "actors/policy/lane.hpp"
#include "actors/policy/write_queue_options.hpp"

#include <array>
#include <chrono>
#include <cstddef>

namespace onewriter {

/// The part of a turn that items use, or that is reserved for them.
struct turn_cost {
  size_t items = 0;
  size_t bytes = 0;
  std::chrono::nanoseconds time{0};
};

turn_cost& operator+=(turn_cost& x, const turn_cost& y);

/// The accounts of one turn: the remaining budget, the use by each lane, and
/// the lanes that are still promised an item.
///
/// A lane that waits when the turn begins is promised one item, and that item
/// is admitted even beyond the bounds: otherwise an item larger than a turn
/// could never be served. Everything else has to fit. So a turn holds no more
/// than `turn_items` (or one item per lane, where that is more), and it exceeds
/// `turn_bytes` and `turn_time` by no more than one item per lane.
///
/// Has no clock and no lock: it belongs to one thread, which measures the time.
class turn_budget {
public:
  explicit turn_budget(const write_queue_options& options);

  /// Opens the accounts of a new turn; `waiting` tells by `lane_index` which
  /// lanes have work.
  void begin(const std::array<bool, lane_count>& waiting);

  /// Limits this turn to `items`, and the shares of all lanes with it.
  void shorten(size_t items);

  /// Records that the turn has lasted for `elapsed`. The time since the last
  /// call was spent on the item charged last.
  void advance(std::chrono::nanoseconds elapsed);

  /// Returns the budget that the lanes ahead must leave to `which`, which has
  /// `items` items of `bytes` bytes in all: its share, minus its use and the
  /// part that it does not need.
  turn_cost reserve(lane which, size_t items, size_t bytes) const;

  /// Returns whether `which` waited when the turn began and got nothing yet.
  bool promises(lane which) const {
    return promised_[lane_index(which)];
  }

  /// Returns whether an item of `bytes` bytes may be served although the turn
  /// is over for the lanes ahead of `which`: it is promised, or part of the
  /// lane's share.
  bool admits_late(lane which, size_t bytes) const;

  /// Returns whether an item of `bytes` bytes may be served now, with
  /// `reserved` left to the lanes behind.
  bool admits(lane which, size_t bytes, const turn_cost& reserved) const;

  /// Charges an item of `bytes` bytes.
  void charge(lane which, size_t bytes);

private:
  turn_cost turn_;
  std::array<turn_cost, lane_count> shares_;
  // In this turn, which may be a short one.
  size_t items_ = 0;
  std::array<size_t, lane_count> item_shares_{};

  turn_cost used_;
  std::array<turn_cost, lane_count> used_by_lane_;
  std::array<bool, lane_count> promised_{};
  lane last_ = lane::urgent;
};

} // namespace onewriter
