#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <utility>

namespace onewriter {

/// A first-in, first-out queue of requests, some of which expire. Belongs to
/// one thread, which passes the time.
template <class T>
class deadline_queue {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Appends `x`, which waits until `expires`; `time_point::max()` means that
  /// it never expires.
  void push_back(T x, time_point expires) {
    insert(items_.end(), std::move(x), expires);
  }

  /// Inserts `x` in front of all others.
  void push_front(T x, time_point expires) {
    insert(items_.begin(), std::move(x), expires);
  }

  /// Removes and returns the first; the queue must not be empty.
  T pop() {
    return take(items_.begin());
  }

  /// Removes and returns the request that expired first, if any has expired at
  /// `now`.
  std::optional<T> pop_expired(time_point now) {
    if (next_expiry() > now || expiries_.empty())
      return std::nullopt;
    return take(expiries_.begin()->second);
  }

  /// Returns the first; the queue must not be empty.
  const T& front() const {
    return items_.front().content;
  }

  /// Returns when the next one expires, `time_point::max()` if none does.
  time_point next_expiry() const {
    return expiries_.empty() ? time_point::max() : expiries_.begin()->first;
  }

  size_t size() const {
    return items_.size();
  }

  bool empty() const {
    return items_.empty();
  }

private:
  struct item;

  using item_list = std::list<item>;

  using expiry_map = std::multimap<time_point, typename item_list::iterator>;

  struct item {
    T content;
    // The end of the map for requests that never expire.
    typename expiry_map::iterator expiry;
  };

  void insert(typename item_list::iterator where, T x, time_point expires) {
    item_list added;
    added.push_back(item{std::move(x), expiries_.end()});
    auto pos = added.begin();
    if (expires != time_point::max())
      pos->expiry = expiries_.emplace(expires, pos);
    items_.splice(where, added);
  }

  T take(typename item_list::iterator pos) {
    if (pos->expiry != expiries_.end())
      expiries_.erase(pos->expiry);
    T result = std::move(pos->content);
    items_.erase(pos);
    return result;
  }

  item_list items_;
  expiry_map expiries_;
};

} // namespace onewriter
