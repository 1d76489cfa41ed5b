#include "app/commands/live/following.hpp"

#include <utility>

namespace onewriter::node {

following::following(interruption& stop) : stop_{stop} {
  stop_.intercept([this](int) {
    std::lock_guard<std::mutex> guard{mutex_};
    changed_.notify_all();
    return !std::exchange(is_over_, true);
  });
}

following::~following() {
  stop_.intercept(nullptr);
}

void following::wait(std::chrono::nanoseconds limit) {
  std::unique_lock<std::mutex> guard{mutex_};
  changed_.wait_for(guard, limit, [this] { return is_awake_ || is_over_; });
  is_awake_ = false;
}

void following::wake() {
  std::lock_guard<std::mutex> guard{mutex_};
  is_awake_ = true;
  changed_.notify_all();
}

bool following::is_over() const {
  {
    std::lock_guard<std::mutex> guard{mutex_};
    if (is_over_)
      return true;
  }
  return stop_.requested();
}

} // namespace onewriter::node
