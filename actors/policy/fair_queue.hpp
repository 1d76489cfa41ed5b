#pragma once

#include "actors/policy/flow_table.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

namespace onewriter {

/// How a `fair_queue` shares a turn out to its senders.
enum class pacing : uint8_t {
  /// Deficit round robin: each sender is served until its items have used up a
  /// quantum.
  by_cost,
  /// One item of each sender per turn.
  once_per_turn,
};

/// Returns the cost of an item in deficit round robin: one unit, and one more
/// for each full KiB.
constexpr size_t cost_units(size_t bytes) {
  return 1 + bytes / 1024;
}

/// One lane. First in, first out per sender, and a flood from one sender does
/// not delay the others: by cost, a sender waits for at most one quantum and
/// one item of each other sender, and once more for each further quantum that
/// its item costs.
///
/// Pushing takes constant time; so does serving, except for one step per
/// quantum that an item costs. Nothing is allocated per item except room in the
/// deque of its flow. Belongs to one thread.
template <class Item>
class fair_queue {
public:
  using entry = queue_entry<Item>;

  /// Both numbers in cost units: `quantum`, where 0 counts as 1, and
  /// `max_cost`, the most that an item counts for, which limits the rounds that
  /// it waits.
  fair_queue(pacing pace, size_t quantum, size_t max_cost)
    : pace_{pace},
      quantum_{std::max(quantum, size_t{1})},
      max_cost_{max_cost} {
    // nop
  }

  // -- arrival ----------------------------------------------------------------

  /// Appends to the flow of `sender`. Where each sender is served once per
  /// turn, one that had no items is served from the next turn on. Does nothing
  /// if it throws.
  void push_back(uint64_t sender, entry x) {
    auto flow = flows_.find(sender);
    auto bytes = x.bytes;
    flow->entries.push_back(std::move(x));
    add(bytes);
    ++flow->arrivals;
    make_busy(flow);
  }

  /// Takes an item back: it is the next one, also in this turn, and what it
  /// cost its sender is refunded. Does nothing if it throws.
  void push_front(uint64_t sender, entry x) {
    auto flow = flows_.find(sender);
    auto bytes = x.bytes;
    flow->entries.push_front(std::move(x));
    add(bytes);
    make_busy(flow);
    flows_.move_to_front(flow, flow_state::ready);
    flow->credit += cost(bytes);
  }

  // -- service ----------------------------------------------------------------

  /// Starts a turn: senders that were served in the last turn can be served
  /// again.
  void begin_turn() {
    served_ = 0;
    spent_ = 0;
    satisfied_ = 0;
    auto& resting = flows_.at(flow_state::resting);
    while (!resting.empty())
      flows_.move_to_back(resting.begin(), flow_state::ready);
  }

  /// Returns how many items can be served in this turn.
  size_t ready() const {
    return pace_ == pacing::by_cost ? size_
                                    : flows_.at(flow_state::ready).size();
  }

  /// Returns whether only greedy senders are left in this turn, in cost units:
  /// at least `much` was served, the senders that were served completely are at
  /// least as many as the others, and the others have more left than was
  /// served, and more than `much` each on average. Always false if each sender
  /// is served once per turn.
  bool is_for_the_greedy(size_t much) const {
    auto others = flows_.at(flow_state::ready).size();
    return pace_ == pacing::by_cost && spent_ >= much && satisfied_ >= others
           && size_ > std::max(served_, others * much);
  }

  /// Returns the size of the item that `pop` would return. Requires a ready
  /// item.
  size_t next_bytes() {
    return next_flow()->entries.front().bytes;
  }

  /// Removes and returns the next item. Requires a ready item.
  Item pop() {
    auto flow = next_flow();
    auto& next = flow->entries.front();
    auto price = cost(next.bytes);
    auto result = std::move(next.item);
    subtract(next);
    flow->entries.pop_front();
    ++served_;
    spent_ += price;
    if (flow->entries.empty()) {
      ++satisfied_;
      flows_.retire(flow);
    } else if (pace_ == pacing::once_per_turn) {
      flows_.move_to_back(flow, flow_state::resting);
    } else {
      flow->credit -= price;
    }
    return result;
  }

  // -- everything at once -----------------------------------------------------

  /// Removes the items for which `pred` holds, passes them to `sink` and
  /// returns their number. Neither function may use the queue.
  template <class Predicate, class Sink>
  size_t remove_if(Predicate& pred, Sink& sink) {
    auto before = size_;
    for_each_busy_flow([&](auto& entries) { filter(entries, pred, sink); });
    return before - size_;
  }

  /// Removes all entries and passes them to `sink`, those of each flow in
  /// order.
  template <class Sink>
  void drain(Sink& sink) {
    for_each_busy_flow([&](auto& entries) {
      for (auto& x : entries)
        sink(std::move(x));
      entries.clear();
    });
    size_ = 0;
    bytes_ = 0;
  }

  // -- observers --------------------------------------------------------------

  size_t size() const {
    return size_;
  }

  size_t bytes() const {
    return bytes_;
  }

  /// Returns the cost served in this turn, in cost units.
  size_t spent() const {
    return spent_;
  }

private:
  using flow_position = typename flow_table<Item>::position;

  // Sets the state of a flow that has entries.
  void make_busy(flow_position flow) {
    if (flow->state != flow_state::idle)
      return;
    flow->credit = quantum_;
    flows_.move_to_back(flow, pace_ == pacing::by_cost ? flow_state::ready
                                                       : flow_state::resting);
  }

  // Returns the flow to be served. Each flow has been credited with the quantum
  // of its next visit; one without enough credit leaves with another quantum.
  flow_position next_flow() {
    auto& ready = flows_.at(flow_state::ready);
    if (pace_ == pacing::once_per_turn)
      return ready.begin();
    for (;;) {
      auto flow = ready.begin();
      auto price = cost(flow->entries.front().bytes);
      if (flow->credit >= price)
        return flow;
      // A single sender waits for no other.
      flow->credit = ready.size() == 1 ? price : flow->credit + quantum_;
      flows_.move_to_back(flow, flow_state::ready);
    }
  }

  template <class Predicate, class Sink>
  void filter(std::deque<entry>& xs, Predicate& pred, Sink& sink) {
    auto kept = xs.begin();
    for (auto x = xs.begin(); x != xs.end(); ++x) {
      if (pred(std::as_const(x->item))) {
        subtract(*x);
        sink(std::move(x->item));
      } else {
        if (kept != x)
          *kept = std::move(*x);
        ++kept;
      }
    }
    xs.erase(kept, xs.end());
  }

  // Calls `visit` with the entries of each flow, and retires those that it
  // empties.
  template <class Visit>
  void for_each_busy_flow(Visit visit) {
    for (auto state : {flow_state::ready, flow_state::resting}) {
      auto& flows = flows_.at(state);
      for (auto next = flows.begin(); next != flows.end();) {
        auto flow = next++;
        visit(flow->entries);
        if (flow->entries.empty())
          flows_.retire(flow);
      }
    }
  }

  size_t cost(size_t bytes) const {
    return std::min(cost_units(bytes), max_cost_);
  }

  void add(size_t bytes) {
    ++size_;
    bytes_ += bytes;
  }

  void subtract(const entry& x) {
    --size_;
    bytes_ -= x.bytes;
  }

  pacing pace_;
  size_t quantum_;
  size_t max_cost_;
  size_t size_ = 0;
  size_t bytes_ = 0;
  // In this turn: the number of items, their cost, and how often a sender ran
  // out of items.
  size_t served_ = 0;
  size_t spent_ = 0;
  size_t satisfied_ = 0;
  flow_table<Item> flows_;
};

} // namespace onewriter
