#pragma once

#include "actors/policy/fair_queue.hpp"
#include "actors/policy/lane.hpp"
#include "actors/policy/turn_budget.hpp"
#include "actors/policy/write_queue_options.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace onewriter {

/// The queue in front of the writer, and the order in which it is served.
///
/// - Items are served in turns: `begin_turn`, then `next` until it returns none
///   or the caller stops. `turn_budget` defines what fits into a turn.
/// - `next` serves the highest lane that has items and leaves the lanes behind
///   it as much of their shares as they need. So no lane starves, and the
///   unused part of a share goes to the others, the highest first.
/// - Within a lane, senders take turns by cost (`fair_queue`), and the items of
///   a sender come first in, first out. The chunk lane serves at most one item
///   of each sender, which is a job, per turn; a job that had nothing waiting
///   when the turn began is served from the next turn on.
/// - A turn ends early for a lane in which only greedy senders are left: not
///   more of them than have been served completely, with more work than was
///   served yet, and more than fits into a short turn each. The lanes behind it
///   get their shares of a short turn. So no other commit waits for the items
///   of a greedy sender. For some time after that turns are short, because the
///   next request has to wait for the turn that runs.
/// - Best-effort messages have no waiting callers, but a caller that waits for
///   a write waits for the whole turn. So a turn has no more of them than fit
///   into a short one, from the first urgent or normal write on until there was
///   none for some time.
/// - Items that arrive during a turn are served in it if there is room.
///
/// Has no limit: the caller is responsible for admission, by `size` and
/// `bytes`. Belongs to one thread, and has no clock. `Item` must be movable;
/// function objects passed to members must not use the queue.
template <class Item>
class write_queue {
public:
  explicit write_queue(const write_queue_options& options = {})
    : contended_items_{options.contended_items},
      calm_turns_{options.calm_turns},
      budget_{options},
      lanes_{make_lane(lane::urgent, options), make_lane(lane::normal, options),
             make_lane(lane::best_effort, options),
             make_lane(lane::chunk, options),
             make_lane(lane::background, options)} {
    // nop
  }

  // -- arrival ----------------------------------------------------------------

  /// Appends an item that occupies `bytes` bytes. `sender` identifies who sent
  /// it, or the job that it belongs to.
  void push(lane which, uint64_t sender, size_t bytes, Item item) {
    at(which).push_back(sender, {arrivals_++, bytes, std::move(item)});
  }

  /// Puts back an item that `next` returned: it is the next one of its lane
  /// again, and counts as the first that arrived. To put back several, start
  /// with the last. Its cost in the turn is not refunded.
  void push_front(lane which, uint64_t sender, size_t bytes, Item item) {
    at(which).push_front(sender, {--returns_, bytes, std::move(item)});
  }

  // -- service ----------------------------------------------------------------

  void begin_turn() {
    std::array<bool, lane_count> waiting{};
    if (std::exchange(was_cut_, false))
      turns_to_calm_ = calm_turns_;
    else if (turns_to_calm_ > 0)
      --turns_to_calm_;
    if (turns_with_callers_ > 0)
      --turns_with_callers_;
    for (auto which : lanes) {
      at(which).begin_turn();
      waiting[lane_index(which)] = at(which).ready() > 0;
    }
    budget_.begin(waiting);
    if (turns_to_calm_ > 0)
      budget_.shorten(contended_items_);
  }

  /// Returns the next item of this turn, or nothing when the turn is over.
  /// `elapsed` is the time since `begin_turn`; the time since the last call
  /// counts as the running time of the item that it returned.
  std::optional<Item> next(std::chrono::nanoseconds elapsed) {
    budget_.advance(elapsed);
    for (auto which : lanes)
      if (at(which).ready() > 0 && admits(which))
        return take(which);
    return std::nullopt;
  }

  // -- everything at once -----------------------------------------------------

  /// Removes the items for which `pred` holds, for example because they have
  /// expired, passes them to `sink` and returns their number. Items of a sender
  /// within a lane come in order.
  template <class Predicate, class Sink>
  size_t remove_if(Predicate pred, Sink sink) {
    size_t result = 0;
    for (auto& each : lanes_)
      result += each.remove_if(pred, sink);
    return result;
  }

  /// Removes all items and passes them to `sink` in order of arrival.
  template <class Sink>
  void drain(Sink sink) {
    std::vector<queue_entry<Item>> all;
    all.reserve(size());
    auto collect = [&all](queue_entry<Item>&& x) {
      all.push_back(std::move(x));
    };
    for (auto& each : lanes_)
      each.drain(collect);
    std::sort(all.begin(), all.end(), [](const auto& x, const auto& y) {
      return x.sequence < y.sequence;
    });
    for (auto& x : all)
      sink(std::move(x.item));
  }

  // -- observers --------------------------------------------------------------

  size_t size() const {
    size_t result = 0;
    for (auto& each : lanes_)
      result += each.size();
    return result;
  }

  size_t depth(lane which) const {
    return lanes_[lane_index(which)].size();
  }

  size_t bytes() const {
    size_t result = 0;
    for (auto& each : lanes_)
      result += each.bytes();
    return result;
  }

  bool empty() const {
    return size() == 0;
  }

private:
  // No item counts for more than a whole turn.
  static fair_queue<Item> make_lane(lane which,
                                    const write_queue_options& options) {
    auto pace = which == lane::chunk ? pacing::once_per_turn : pacing::by_cost;
    return {pace, options.quantum, cost_units(options.turn_bytes)};
  }

  bool admits(lane which) {
    if (at(which).is_for_the_greedy(contended_items_))
      return cut();
    if (keeps_callers_waiting(which))
      return false;
    if (was_cut_)
      return budget_.admits_late(which, at(which).next_bytes());
    turn_cost reserved;
    for (auto behind = lane_index(which) + 1; behind < lane_count; ++behind)
      if (auto ready = lanes_[behind].ready(); ready > 0)
        reserved
          += budget_.reserve(lanes[behind], ready, lanes_[behind].bytes());
    return budget_.admits(which, at(which).next_bytes(), reserved);
  }

  bool keeps_callers_waiting(lane which) const {
    return which == lane::best_effort && turns_with_callers_ > 0
           && lanes_[lane_index(which)].spent() >= contended_items_;
  }

  bool cut() {
    was_cut_ = true;
    budget_.shorten(contended_items_);
    return false;
  }

  Item take(lane which) {
    if (which == lane::urgent || which == lane::normal)
      turns_with_callers_ = calm_turns_ + 1;
    budget_.charge(which, at(which).next_bytes());
    return at(which).pop();
  }

  fair_queue<Item>& at(lane which) {
    return lanes_[lane_index(which)];
  }

  size_t contended_items_;
  size_t calm_turns_;
  // Whether this turn ended early, and the number of short turns after one that
  // did.
  bool was_cut_ = false;
  size_t turns_to_calm_ = 0;
  // The number of turns in which a caller is expected to wait for a write.
  size_t turns_with_callers_ = 0;
  turn_budget budget_;
  // Indexed by `lane_index`.
  std::array<fair_queue<Item>, lane_count> lanes_;
  // The sequence numbers: new items count up from zero, returned items count
  // down.
  int64_t arrivals_ = 0;
  int64_t returns_ = 0;
};

} // namespace onewriter
