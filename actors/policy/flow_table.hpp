#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <list>
#include <unordered_map>
#include <utility>

namespace onewriter {

/// An item that waits.
template <class Item>
struct queue_entry {
  /// Place in the order of arrival, over all lanes.
  int64_t sequence;
  size_t bytes;
  Item item;
};

/// Which list of a `flow_table` a flow is in.
enum class flow_state : uint8_t {
  /// Has no entries.
  idle,
  /// Can be served in this turn.
  ready,
  /// Has entries, but waits for the next turn.
  resting,
};

/// The waiting items of one sender, first in, first out.
template <class Item>
struct flow {
  uint64_t sender = 0;
  flow_state state = flow_state::idle;
  /// The cost that the sender may use before the next sender is served, in cost
  /// units.
  size_t credit = 0;
  /// Entries appended since the flow was last idle.
  size_t arrivals = 0;
  std::deque<queue_entry<Item>> entries;
};

/// The flows of a lane by sender, in a list per state. A flow that runs empty
/// is kept for its sender; when many are kept, a new sender gets the one that
/// has been idle longest. So short-lived senders cost neither an allocation
/// each nor permanent memory.
///
/// All functions take constant time. Positions stay valid until their flow is
/// retired. Belongs to one thread.
template <class Item>
class flow_table {
public:
  using flow_list = std::list<flow<Item>>;
  using position = typename flow_list::iterator;

  /// How many idle flows are kept. Default: 1024, because more senders are
  /// rarely active in the same second, and an idle flow takes about 1 KiB.
  static constexpr size_t max_idle = 1024;

  /// A flow that received more entries than this before it became idle releases
  /// its memory. Default: 4096, over which the cost of a new allocation is
  /// amortized.
  static constexpr size_t max_kept_arrivals = 4096;

  flow_table() = default;

  // A copy would have the positions of the original.
  flow_table(flow_table&&) noexcept = default;

  flow_table& operator=(flow_table&&) noexcept = default;

  /// Returns the flow of `sender`; idle if it has no entries.
  position find(uint64_t sender) {
    auto known = by_sender_.find(sender);
    if (known != by_sender_.end())
      return known->second;
    return at(flow_state::idle).size() < max_idle ? create(sender)
                                                  : reassign(sender);
  }

  /// Makes `x`, which has no entries, idle.
  void retire(position x) {
    if (x->arrivals > max_kept_arrivals)
      std::deque<queue_entry<Item>>{}.swap(x->entries);
    x->arrivals = 0;
    move_to_back(x, flow_state::idle);
    if (at(flow_state::idle).size() > max_idle)
      forget(at(flow_state::idle).begin());
  }

  void move_to_back(position x, flow_state state) {
    move(x, state, at(state).end());
  }

  void move_to_front(position x, flow_state state) {
    move(x, state, at(state).begin());
  }

  flow_list& at(flow_state state) {
    return lists_[static_cast<size_t>(state)];
  }

  const flow_list& at(flow_state state) const {
    return lists_[static_cast<size_t>(state)];
  }

private:
  position create(uint64_t sender) {
    flow_list created(1);
    auto result = created.begin();
    result->sender = sender;
    by_sender_.emplace(sender, result);
    auto& idle = at(flow_state::idle);
    idle.splice(idle.end(), created);
    return result;
  }

  position reassign(uint64_t sender) {
    auto result = at(flow_state::idle).begin();
    auto node = by_sender_.extract(result->sender);
    result->sender = sender;
    node.key() = sender;
    by_sender_.insert(std::move(node));
    return result;
  }

  void forget(position x) {
    by_sender_.erase(x->sender);
    at(flow_state::idle).erase(x);
  }

  void move(position x, flow_state state, position before) {
    at(state).splice(before, at(x->state), x);
    x->state = state;
  }

  // Indexed by the integer value of the state.
  std::array<flow_list, 3> lists_;
  std::unordered_map<uint64_t, position> by_sender_;
};

} // namespace onewriter
