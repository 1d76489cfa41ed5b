#include "actors/store/number_set.hpp"

#include <algorithm>
#include <iterator>

namespace onewriter {

namespace {

// The first range that does not end before `number`.
template <class Ranges>
auto find_range(Ranges& xs, uint64_t number) {
  return std::lower_bound(xs.begin(), xs.end(), number,
                          [](auto& x, uint64_t y) { return x.last < y; });
}

} // namespace

void number_set::add(uint64_t number) {
  auto next = find_range(ranges_, number);
  if (next != ranges_.end() && next->first <= number)
    return;
  auto joins_next = next != ranges_.end() && next->first == number + 1;
  auto before = next == ranges_.begin() ? ranges_.end() : std::prev(next);
  auto joins_before = before != ranges_.end() && before->last + 1 == number;
  if (joins_before && joins_next) {
    before->last = next->last;
    ranges_.erase(next);
  } else if (joins_before) {
    before->last = number;
  } else if (joins_next) {
    next->first = number;
  } else {
    ranges_.insert(next, {number, number});
  }
}

bool number_set::has(uint64_t number) const {
  auto found = find_range(ranges_, number);
  return found != ranges_.end() && found->first <= number;
}

void number_set::remove_below(uint64_t first) {
  ranges_.erase(ranges_.begin(), find_range(ranges_, first));
  if (!ranges_.empty())
    ranges_.front().first = std::max(ranges_.front().first, first);
}

} // namespace onewriter
