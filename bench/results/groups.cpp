#include "bench/results/groups.hpp"

#include <algorithm>

namespace onewriter::bench {

namespace {

// The first element of `in` that `is` accepts, made by `make` if there is none.
template <class T, class Predicate, class Make>
T& find_or_add(std::vector<T>& in, Predicate is, Make make) {
  auto found = std::find_if(in.begin(), in.end(), is);
  return found != in.end() ? *found : in.emplace_back(make());
}

} // namespace

std::vector<level> by_level(const results& of) {
  std::vector<level> result;
  for (auto& x : of.all) {
    auto& to = find_or_add(
      result, [&](auto& y) { return y.synchronous == x.synchronous; },
      [&] {
        return level{x.synchronous, {}};
      });
    auto& group = find_or_add(
      to.workloads, [&](auto& y) { return y.name == x.workload; },
      [&] {
        return workload_group{x.workload, {}};
      });
    group.all.push_back(&x);
  }
  return result;
}

const measurement* median_round(const series& of) {
  return of.rounds.empty() ? nullptr : &of.median();
}

} // namespace onewriter::bench
