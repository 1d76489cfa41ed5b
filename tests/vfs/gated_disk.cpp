#include "tests/vfs/gated_disk.hpp"

#include "tests/fixture.hpp"

#include <utility>

namespace onewriter::test {

gated_disk::~gated_disk() {
  release();
}

void gated_disk::hold(predicate which) {
  std::lock_guard guard{mutex_};
  which_ = std::move(which);
  held_ = 0;
  ++generation_;
  changed_.notify_all();
}

bool gated_disk::wait_for_held() {
  std::unique_lock guard{mutex_};
  return changed_.wait_for(guard, patience, [this] { return held_ > 0; });
}

void gated_disk::release() {
  std::lock_guard guard{mutex_};
  which_ = nullptr;
  ++generation_;
  changed_.notify_all();
}

void gated_disk::fail_next(predicate which, int code) {
  std::lock_guard guard{mutex_};
  failing_ = std::move(which);
  code_ = code;
}

bool gated_disk::has_failed() {
  std::lock_guard guard{mutex_};
  return !failing_;
}

io_verdict gated_disk::before(const io_call& what) {
  std::unique_lock guard{mutex_};
  if (failing_ && failing_(what)) {
    failing_ = nullptr;
    return {code_, false, -1};
  }
  if (!which_ || !which_(what))
    return {};
  ++held_;
  changed_.notify_all();
  changed_.wait(guard,
                [this, now = generation_] { return generation_ != now; });
  return {};
}

} // namespace onewriter::test
