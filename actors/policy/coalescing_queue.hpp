#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace onewriter {

/// The bounds of a `coalescing_queue`.
struct coalescing_queue_options {
  /// How many items may wait; 0 refuses all. Default: 16384, four full turns of
  /// the writer: items that wait longer are out of date.
  size_t max_items = 16'384;

  /// How many bytes they may occupy. Default: 16 MiB, two full turns.
  size_t max_bytes = size_t{16} << 20;
};

/// Outcome for a pushed item.
enum class coalescing_outcome : uint8_t {
  /// Waits behind all others.
  enqueued,
  /// Waits in the place of the older item of its key, which was dropped.
  replaced,
  /// Not accepted, because it alone exceeds a bound. An older item of its key
  /// still waits.
  refused,
};

/// The result of pushing an item.
struct coalescing_result {
  coalescing_outcome outcome;
  /// How many of the oldest items were dropped to make room.
  size_t dropped;
};

/// A bounded queue for items that may be lost but should be recent: the newest
/// item of each key wins, and when there is no room the oldest items are
/// dropped first.
///
/// A newer item takes the place of the older one, not a new one at the end, so
/// that a key with frequent updates is served like any other. Room for a newer
/// item is made by dropping others, never the item itself.
///
/// All functions take constant time per item. Belongs to one thread.
template <class Item>
class coalescing_queue {
public:
  explicit coalescing_queue(const coalescing_queue_options& options = {})
    : options_{options} {
    // nop
  }

  // A copy would have the positions of the original.
  coalescing_queue(coalescing_queue&&) noexcept = default;

  coalescing_queue& operator=(coalescing_queue&&) noexcept = default;

  /// Adds an item that occupies `bytes` bytes. An empty key never replaces
  /// anything and is never replaced. Does nothing if it throws.
  coalescing_result push(std::string key, size_t bytes, Item item) {
    if (options_.max_items == 0 || bytes > options_.max_bytes)
      return {coalescing_outcome::refused, 0};
    auto known = key.empty() ? by_key_.end() : by_key_.find(key);
    if (known != by_key_.end()) {
      auto place = known->second;
      replace(place, bytes, std::move(item));
      return {coalescing_outcome::replaced, make_room(place)};
    }
    append(std::move(key), bytes, std::move(item));
    return {coalescing_outcome::enqueued, make_room(std::prev(waiting_.end()))};
  }

  /// Removes and returns the oldest items, at most `max_items` of at most
  /// `max_bytes` bytes in all. The first may be larger, so that it is not in
  /// the way forever. Does nothing if it throws.
  std::vector<Item> take(size_t max_items, size_t max_bytes) {
    std::vector<Item> result;
    result.reserve(std::min(max_items, waiting_.size()));
    while (!waiting_.empty() && result.size() < max_items) {
      auto& oldest = waiting_.front();
      if (!result.empty() && oldest.bytes > max_bytes)
        break;
      max_bytes -= std::min(oldest.bytes, max_bytes);
      result.push_back(std::move(oldest.item));
      remove(waiting_.begin());
    }
    return result;
  }

  /// Whether an item of this key waits.
  bool contains(const std::string& key) const {
    return by_key_.find(key) != by_key_.end();
  }

  size_t size() const {
    return waiting_.size();
  }

  size_t bytes() const {
    return bytes_;
  }

  bool empty() const {
    return waiting_.empty();
  }

private:
  struct entry {
    std::string key;
    size_t bytes;
    Item item;
  };

  using position = typename std::list<entry>::iterator;

  void append(std::string key, size_t bytes, Item item) {
    std::list<entry> added;
    added.push_back({std::move(key), bytes, std::move(item)});
    auto place = added.begin();
    if (!place->key.empty())
      by_key_.emplace(place->key, place);
    waiting_.splice(waiting_.end(), added);
    bytes_ += bytes;
  }

  void replace(position place, size_t bytes, Item item) {
    bytes_ = bytes_ - place->bytes + bytes;
    place->bytes = bytes;
    place->item = std::move(item);
  }

  // Drops the oldest items, but not `newest`, until the bounds hold; returns
  // how many. It ends because `newest` alone is within the bounds.
  size_t make_room(position newest) {
    size_t dropped = 0;
    while (waiting_.size() > options_.max_items
           || bytes_ > options_.max_bytes) {
      auto oldest = waiting_.begin();
      remove(oldest == newest ? std::next(oldest) : oldest);
      ++dropped;
    }
    return dropped;
  }

  void remove(position place) {
    bytes_ -= place->bytes;
    if (!place->key.empty())
      by_key_.erase(place->key);
    waiting_.erase(place);
  }

  coalescing_queue_options options_;
  std::list<entry> waiting_;
  // The keys are views of the keys in the list.
  std::unordered_map<std::string_view, position> by_key_;
  size_t bytes_ = 0;
};

} // namespace onewriter
