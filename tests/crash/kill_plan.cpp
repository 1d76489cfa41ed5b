#include "tests/crash/kill_plan.hpp"

#include <random>

namespace onewriter::test {

namespace {

using std::chrono::microseconds;

// Distributions of the standard library differ between its implementations.
class dice {
public:
  explicit dice(uint64_t seed) : random_{seed} {
    // nop
  }

  uint64_t below(uint64_t end) {
    return random_() % end;
  }

  microseconds at_most(microseconds limit) {
    return microseconds{below(static_cast<uint64_t>(limit.count()) + 1)};
  }

private:
  std::mt19937_64 random_;
};

// About as long as what is to be hit takes.
microseconds longest_delay(moment when) {
  switch (when) {
    case moment::opening:
      return microseconds{15'000};
    case moment::writing:
      return microseconds{2'000};
    case moment::checkpoint:
      return microseconds{1'500};
    case moment::indexing:
      return microseconds{100'000};
    default:
      return microseconds{10'000};
  }
}

moment roll_moment(dice& roll) {
  constexpr moment moments[] = {
    moment::opening,  moment::opening,    moment::writing,    moment::writing,
    moment::writing,  moment::checkpoint, moment::checkpoint, moment::indexing,
    moment::indexing, moment::stopping};
  return moments[roll.below(std::size(moments))];
}

// Every other process is killed soon after its first receipts.
uint64_t roll_receipts(dice& roll) {
  return roll.below(2) == 0 ? roll.below(20) : roll.below(2'000);
}

} // namespace

std::vector<kill_order> make_kill_plan(uint64_t seed, size_t kills) {
  dice roll{seed};
  std::vector<kill_order> result;
  for (size_t i = 0; i < kills; ++i) {
    kill_order x;
    x.when = roll_moment(roll);
    x.receipts = x.when == moment::opening ? 0 : roll_receipts(roll);
    x.delay = roll.at_most(longest_delay(x.when));
    x.pinned = roll.below(2) == 0;
    result.push_back(x);
  }
  return result;
}

std::vector<stop_order> make_stop_plan(uint64_t seed, size_t stops) {
  dice roll{seed};
  std::vector<stop_order> result;
  for (size_t i = 0; i < stops; ++i) {
    auto is_short = i % 2 == 1;
    stop_order x;
    x.receipts = roll.below(1'000);
    x.delay = roll.at_most(microseconds{2'000});
    x.outstanding = is_short ? 1'000 : 16;
    x.limit = std::chrono::milliseconds{is_short ? 1 + roll.below(50) : 10'000};
    result.push_back(x);
  }
  return result;
}

} // namespace onewriter::test
