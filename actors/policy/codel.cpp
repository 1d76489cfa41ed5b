#include "actors/policy/codel.hpp"

namespace onewriter {

codel::codel(const codel_options& options) : options_{options} {
  // nop
}

void codel::observe(time_point now, std::chrono::nanoseconds waited) {
  auto off = options_.target <= std::chrono::nanoseconds{0};
  if (off || waited <= options_.target) {
    slow_since_.reset();
    overloaded_ = false;
    return;
  }
  if (!slow_since_)
    slow_since_ = now;
  if (now - *slow_since_ >= options_.interval)
    overloaded_ = true;
}

void codel::idle(time_point now) {
  observe(now, std::chrono::nanoseconds{0});
}

} // namespace onewriter
