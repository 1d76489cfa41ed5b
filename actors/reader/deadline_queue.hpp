#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <utility>

namespace onewriter {

/// Requests that wait for their turn, first in, first out, some of them not for
/// ever. Belongs to one thread, which brings the time.
template <class T>
class deadline_queue {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Lets `x` wait behind all others, until `expires`; `time_point::max()` is
  /// never.
  void push_back(T x, time_point expires) {
    insert(items_.end(), std::move(x), expires);
  }

  /// Lets `x` wait in front of all others.
  void push_front(T x, time_point expires) {
    insert(items_.begin(), std::move(x), expires);
  }

  /// Takes out the first; the line must not be empty.
  T pop() {
    return take(items_.begin());
  }

  /// Takes out one that has expired at `now`, the one that did so first, if
  /// there is any.
  std::optional<T> pop_expired(time_point now) {
    if (next_expiry() > now || expiries_.empty())
      return std::nullopt;
    return take(expiries_.begin()->second);
  }

  /// Returns the first; the line must not be empty.
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
    // Of those that never expire: the end of the map.
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
