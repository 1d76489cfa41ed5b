#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace onewriter {

/// Tracks the arrival time of the oldest of many requests, which are added and
/// removed in any order, to within 10 ms and in constant time per request.
/// Belongs to one thread.
class arrival_ledger {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Adds a request that arrived at `x`.
  void add(time_point x) {
    auto slot = slot_of(x);
    if (counts_.empty())
      first_ = slot;
    // Requests handed over by an earlier writer are older than those that came
    // since.
    for (; slot < first_; --first_)
      counts_.push_front(0);
    while (slot - first_ >= static_cast<int64_t>(counts_.size()))
      counts_.push_back(0);
    ++counts_[static_cast<size_t>(slot - first_)];
  }

  /// Removes a request that was added with `x`.
  void remove(time_point x) {
    auto slot = slot_of(x) - first_;
    if (slot < 0 || slot >= static_cast<int64_t>(counts_.size()))
      return;
    auto& count = counts_[static_cast<size_t>(slot)];
    if (count > 0)
      --count;
    while (!counts_.empty() && counts_.front() == 0) {
      counts_.pop_front();
      ++first_;
    }
  }

  /// Returns when the oldest arrived, to within 10 ms; nothing if there is
  /// none.
  std::optional<time_point> oldest() const {
    if (counts_.empty())
      return std::nullopt;
    return time_point{first_ * resolution};
  }

  void clear() {
    counts_.clear();
  }

private:
  static constexpr auto resolution = std::chrono::milliseconds{10};

  static int64_t slot_of(time_point x) {
    return x.time_since_epoch() / resolution;
  }

  int64_t first_ = 0;
  // The number of requests per slot; the first is never zero.
  std::deque<uint32_t> counts_;
};

} // namespace onewriter
