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

/// What waits for the writer, and in which order it is served.
///
/// - Work is served in turns: `begin_turn`, then `next` until it returns none
///   or the caller has had enough. `turn_budget` says what fits into a turn.
/// - Each time, the highest lane is served that has work and leaves the lanes
///   behind what they need of their shares. So no lane starves, and what a lane
///   does not need goes to the others, the highest first.
/// - Within a lane, senders take turns by cost (`fair_queue`), and the items of
///   a sender come first in, first out. The chunk lane serves at most one item
///   of each sender, which is a job, per turn; a job that had nothing waiting
///   when the turn began is served from the next turn on.
/// - A turn ends early for a lane in which only greedy senders are left: not
///   more of them than have been served completely, with more work than was
///   served yet, and more than fits into a short turn each. The lanes behind it
///   get their shares of a short turn. So nobody's commit waits for what a
///   greedy sender has sent. For some time after that turns are short, because
///   whoever comes next has to wait for the one that runs.
/// - Nobody waits for best-effort messages, but whoever waits for a write waits
///   for the whole turn. So a turn has no more of them than fit into a short
///   one, from the first urgent or normal write on until there was none for
///   some time.
/// - Items that arrive during a turn are served in it if there is room.
///
/// Takes whatever is pushed: admission is up to the caller, by `size` and
/// `bytes`. Belongs to one thread, and has no clock. `Item` must be movable; no
/// function object given to a member may touch the queue.
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

  /// Gives back an item that `next` returned: it is the next one of its lane
  /// again, and counts as the first that arrived. To give back several, start
  /// with the last. What it took from the turn is not given back.
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
  /// `elapsed` is the time since `begin_turn`; what has passed since the last
  /// call counts as the running time of the item that it returned.
  std::optional<Item> next(std::chrono::nanoseconds elapsed) {
    budget_.advance(elapsed);
    for (auto which : lanes)
      if (at(which).ready() > 0 && admits(which))
        return take(which);
    return std::nullopt;
  }

  // -- everything at once -----------------------------------------------------

  /// Removes the items for which `pred` holds, for example because they have
  /// expired, hands them to `sink` and returns how many there were. Items of a
  /// sender within a lane come in order.
  template <class Predicate, class Sink>
  size_t remove_if(Predicate pred, Sink sink) {
    size_t result = 0;
    for (auto& each : lanes_)
      result += each.remove_if(pred, sink);
    return result;
  }

  /// Removes all items and hands them to `sink` in order of arrival.
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
  // Whether this turn ended early, and how many are short after one that did.
  bool was_cut_ = false;
  size_t turns_to_calm_ = 0;
  // For how many turns somebody is expected to wait for a write.
  size_t turns_with_callers_ = 0;
  turn_budget budget_;
  // Indexed by `lane_index`.
  std::array<fair_queue<Item>, lane_count> lanes_;
  // The sequence numbers: what arrives counts up from zero, what is given back
  // counts down.
  int64_t arrivals_ = 0;
  int64_t returns_ = 0;
};

} // namespace onewriter
