#include "actors/policy/turn_budget.hpp"

#include <algorithm>

namespace onewriter {

namespace {

constexpr size_t less(size_t whole, size_t part) {
  return whole > part ? whole - part : 0;
}

// Written so that a NaN share counts as zero, and no product is rounded up
// beyond the range of the type.
template <class Number>
Number part_of(Number whole, double share) {
  if (share >= 1)
    return whole;
  return share > 0 ? static_cast<Number>(static_cast<double>(whole) * share)
                   : Number{0};
}

turn_cost part_of(const turn_cost& turn, double share) {
  return {part_of(turn.items, share), part_of(turn.bytes, share),
          std::chrono::nanoseconds{part_of(turn.time.count(), share)}};
}

} // namespace

turn_cost& operator+=(turn_cost& x, const turn_cost& y) {
  x.items += y.items;
  x.bytes += y.bytes;
  x.time += y.time;
  return x;
}

turn_budget::turn_budget(const write_queue_options& options)
  : turn_{options.turn_items, options.turn_bytes, options.turn_time},
    shares_{turn_cost{}, part_of(turn_, options.normal_share),
            part_of(turn_, options.best_effort_share),
            part_of(turn_, options.chunk_share),
            part_of(turn_, options.background_share)} {
  // nop
}

void turn_budget::begin(const std::array<bool, lane_count>& waiting) {
  items_ = turn_.items;
  for (size_t i = 0; i < lane_count; ++i)
    item_shares_[i] = shares_[i].items;
  used_ = {};
  used_by_lane_ = {};
  promised_ = waiting;
  last_ = lane::urgent;
}

void turn_budget::shorten(size_t items) {
  if (items >= items_)
    return;
  items_ = items;
  auto part = static_cast<double>(items) / static_cast<double>(turn_.items);
  for (size_t i = 0; i < lane_count; ++i)
    item_shares_[i] = part_of(shares_[i].items, part);
}

bool turn_budget::admits_late(lane which, size_t bytes) const {
  auto used = used_by_lane_[lane_index(which)].items;
  return promises(which)
         || (used < item_shares_[lane_index(which)] && used_.time < turn_.time
             && bytes <= less(turn_.bytes, used_.bytes));
}

void turn_budget::advance(std::chrono::nanoseconds elapsed) {
  if (elapsed <= used_.time)
    return;
  used_by_lane_[lane_index(last_)].time += elapsed - used_.time;
  used_.time = elapsed;
}

turn_cost turn_budget::reserve(lane which, size_t items, size_t bytes) const {
  auto& share = shares_[lane_index(which)];
  auto& used = used_by_lane_[lane_index(which)];
  auto least = promised_[lane_index(which)] ? size_t{1} : size_t{0};
  auto items_left = less(item_shares_[lane_index(which)], used.items);
  return {std::min(items, std::max(items_left, least)),
          std::min(bytes, less(share.bytes, used.bytes)),
          std::max(share.time - used.time, std::chrono::nanoseconds{0})};
}

bool turn_budget::admits(lane which, size_t bytes,
                         const turn_cost& reserved) const {
  if (promises(which))
    return true;
  auto taken = used_;
  taken += reserved;
  return taken.items < items_ && taken.time < turn_.time
         && taken.bytes <= turn_.bytes && bytes <= turn_.bytes - taken.bytes;
}

void turn_budget::charge(lane which, size_t bytes) {
  auto item = turn_cost{1, bytes, std::chrono::nanoseconds{0}};
  used_ += item;
  used_by_lane_[lane_index(which)] += item;
  promised_[lane_index(which)] = false;
  last_ = which;
}

} // namespace onewriter
