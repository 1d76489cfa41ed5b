#include "actors/core/pending_write_pool.hpp"

#include <algorithm>
#include <iterator>
#include <new>

namespace onewriter {

void pending_write_pool::put(std::vector<pending_write_ptr>& xs) {
  if (xs.empty())
    return;
  try {
    std::lock_guard guard{mutex_};
    if (waiting_.empty()) {
      waiting_.swap(xs);
    } else {
      auto room = most_requests - std::min(waiting_.size(), most_requests);
      auto end
        = xs.begin() + static_cast<std::ptrdiff_t>(std::min(room, xs.size()));
      waiting_.insert(waiting_.end(), std::make_move_iterator(xs.begin()),
                      std::make_move_iterator(end));
    }
    any_.store(true, std::memory_order_relaxed);
  } catch (const std::bad_alloc&) {
    // Requests without room in the pool are freed.
  }
  xs.clear();
}

pending_write_ptr pending_write_pool::take() {
  if (taken_.empty() && any_.load(std::memory_order_relaxed)) {
    std::lock_guard guard{mutex_};
    taken_.swap(waiting_);
    any_.store(false, std::memory_order_relaxed);
  }
  if (taken_.empty())
    return std::make_shared<pending_write>();
  auto result = std::move(taken_.back());
  taken_.pop_back();
  *result = {};
  return result;
}

} // namespace onewriter
