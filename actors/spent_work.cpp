#include "actors/spent_work.hpp"

#include <algorithm>
#include <iterator>

namespace onewriter {

void spent_work::put(std::vector<work_ptr>& xs) {
  if (xs.empty())
    return;
  {
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
  }
  xs.clear();
}

void spent_work::release_some() {
  if (taken_.empty()) {
    if (!any_.load(std::memory_order_relaxed))
      return;
    std::lock_guard guard{mutex_};
    taken_.swap(waiting_);
    any_.store(false, std::memory_order_relaxed);
  }
  auto count = std::min(released_at_once, taken_.size());
  taken_.resize(taken_.size() - count);
}

} // namespace onewriter
