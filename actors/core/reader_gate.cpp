#include "actors/core/reader_gate.hpp"

#include <utility>

namespace onewriter {

bool reader_gate::enter() {
  std::lock_guard guard{mutex_};
  if (is_shut_)
    return false;
  ++inside_;
  return true;
}

void reader_gate::leave() {
  std::function<void()> last;
  {
    std::lock_guard guard{mutex_};
    if (--inside_ == 0)
      last = std::exchange(when_empty_, nullptr);
  }
  if (last)
    last();
}

void reader_gate::shut(std::function<void()> when_empty) {
  {
    std::lock_guard guard{mutex_};
    is_shut_ = true;
    if (inside_ > 0) {
      when_empty_ = std::move(when_empty);
      return;
    }
  }
  when_empty();
}

void reader_gate::open() {
  std::lock_guard guard{mutex_};
  is_shut_ = false;
}

bool reader_gate::is_empty() {
  std::lock_guard guard{mutex_};
  return inside_ == 0;
}

} // namespace onewriter
