#include "actors/store/number_set.hpp"

#include "tests/catch.hpp"

#include <random>
#include <set>
#include <string>

using namespace onewriter;

namespace {

std::string text_of(const number_set& xs) {
  std::string result;
  for (auto& x : xs.ranges())
    result += (result.empty() ? "" : " ") + std::to_string(x.first) + "-"
              + std::to_string(x.last);
  return result;
}

/// The same ranges from a set of numbers.
std::string text_of(const std::set<uint64_t>& xs) {
  number_set result;
  for (auto x = xs.begin(); x != xs.end();) {
    auto last = *x;
    auto first = last;
    for (++x; x != xs.end() && *x == last + 1; ++x)
      last = *x;
    result.append({first, last});
  }
  return text_of(result);
}

} // namespace

TEST_CASE("neighbours are one range") {
  number_set xs;
  CHECK_FALSE(xs.has(0));
  for (auto x : {5u, 7u, 6u, 0u, 9u, 6u, 1u})
    xs.add(x);
  CHECK(text_of(xs) == "0-1 5-7 9-9");
  xs.add(8);
  CHECK(text_of(xs) == "0-1 5-9");
  xs.remove_below(7);
  CHECK(text_of(xs) == "7-9");
  xs.remove_below(10);
  CHECK(text_of(xs) == "");
}

TEST_CASE("a set of ranges holds what a set of numbers holds") {
  auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random{seed};
  number_set ranges;
  std::set<uint64_t> numbers;
  uint64_t first = 0;
  for (auto i = 0; i < 5'000; ++i) {
    auto x = first + random() % 60;
    CHECK(ranges.has(x) == (numbers.count(x) > 0));
    ranges.add(x);
    numbers.insert(x);
    if (random() % 20 == 0) {
      first += random() % 30;
      ranges.remove_below(first);
      numbers.erase(numbers.begin(), numbers.lower_bound(first));
    }
    REQUIRE(text_of(ranges) == text_of(numbers));
  }
}
