#include "tests/model/shrink.hpp"

#include <algorithm>

namespace onewriter::test {

namespace {

plan without(const plan& what, size_t first, size_t count) {
  auto result = what;
  auto begin = result.steps.begin() + static_cast<ptrdiff_t>(first);
  auto end
    = begin
      + static_cast<ptrdiff_t>(std::min(count, result.steps.size() - first));
  result.steps.erase(begin, end);
  return result;
}

/// Leaves out runs of `count` steps, from the end, where what comes last
/// matters least. Returns whether any could be left out.
bool leave_out(plan& what, size_t count,
               const std::function<bool(const plan&)>& fails) {
  auto changed = false;
  auto runs = (what.steps.size() + count - 1) / count;
  for (auto run = runs; run > 0; --run) {
    auto smaller = without(what, (run - 1) * count, count);
    if (!fails(smaller))
      continue;
    what = std::move(smaller);
    changed = true;
  }
  return changed;
}

} // namespace

plan shrink(plan what, const std::function<bool(const plan&)>& fails) {
  try {
    auto count = std::max<size_t>(1, what.steps.size() / 2);
    while (!what.steps.empty()) {
      auto changed = leave_out(what, count, fails);
      if (count == 1 && !changed)
        break;
      count = std::max<size_t>(1, count / 2);
    }
  } catch (const out_of_patience&) {
    // What is left is small enough.
  }
  return what;
}

} // namespace onewriter::test
