#include "actors/policy/backoff.hpp"

#include <algorithm>

namespace onewriter {

namespace {

// Longer than any real delay, and short enough to prevent overflows.
constexpr std::chrono::nanoseconds century = std::chrono::hours{24 * 36'525};

double count_of(std::chrono::nanoseconds x) {
  auto none = std::chrono::nanoseconds{0};
  return static_cast<double>(std::clamp(x, none, century).count());
}

// Returns a number from 0 to less than 1. The distributions of the standard
// library differ between platforms, the generator does not.
double fraction(std::mt19937_64& random) {
  constexpr auto unit = 1.0 / (uint64_t{1} << 53);
  return static_cast<double>(random() >> 11) * unit;
}

} // namespace

backoff::backoff(const backoff_options& options, uint64_t seed)
  : initial_{count_of(std::min(options.initial, options.maximum))},
    maximum_{count_of(options.maximum)},
    factor_{std::max(1.0, options.factor)},
    jitter_{std::max(0.0, std::min(options.jitter, 1.0))},
    delay_{initial_},
    random_{seed} {
  // nop
}

std::chrono::nanoseconds backoff::next() {
  auto delay = delay_ * (1.0 - jitter_ * fraction(random_));
  delay_ = std::min(delay_ * factor_, maximum_);
  using std::chrono::nanoseconds;
  return nanoseconds{static_cast<nanoseconds::rep>(delay)};
}

void backoff::reset() {
  delay_ = initial_;
}

} // namespace onewriter
