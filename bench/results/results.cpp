#include "bench/results/results.hpp"

#include <algorithm>

namespace onewriter::bench {

namespace {

// The measurements by rows per second.
std::vector<const measurement*> sorted(const std::vector<measurement>& rounds) {
  std::vector<const measurement*> result;
  for (auto& x : rounds)
    result.push_back(&x);
  std::sort(result.begin(), result.end(), [](auto* x, auto* y) {
    return x->rows_per_second() < y->rows_per_second();
  });
  return result;
}

} // namespace

const measurement& series::median() const {
  return *sorted(rounds)[(rounds.size() - 1) / 2];
}

std::pair<double, double> series::spread() const {
  auto all = sorted(rounds);
  return {all.front()->rows_per_second(), all.back()->rows_per_second()};
}

} // namespace onewriter::bench
