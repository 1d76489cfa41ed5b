#include "actors/spent_work.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <memory>
#include <vector>

using namespace onewriter;

namespace {

using watchers = std::vector<std::weak_ptr<work>>;

std::vector<work_ptr> requests(size_t count, watchers& seen) {
  std::vector<work_ptr> result;
  for (size_t i = 0; i < count; ++i) {
    result.push_back(std::make_shared<work>());
    seen.push_back(result.back());
  }
  return result;
}

size_t alive(const watchers& seen) {
  return static_cast<size_t>(std::count_if(
    seen.begin(), seen.end(), [](auto& x) { return !x.expired(); }));
}

} // namespace

TEST_CASE("answered requests live until the database lets go of them") {
  spent_work spent;
  watchers seen;
  auto first = requests(3, seen);
  auto second = requests(2, seen);
  spent.put(first);
  spent.put(second);
  CHECK(first.empty());
  CHECK(second.empty());
  CHECK(alive(seen) == 5);
  for (auto i = 0; i < 5; ++i)
    spent.release_some();
  CHECK(alive(seen) == 0);
}

TEST_CASE("more than a few answered requests go at once") {
  spent_work spent;
  watchers seen;
  for (auto i = 0; i < 100; ++i) {
    auto some = requests(1'000, seen);
    spent.put(some);
    CHECK(alive(seen) < 10'000);
  }
}

TEST_CASE("a large answered request is not kept") {
  work small;
  CHECK(spent_work::takes(small));
  work large;
  large.bytes = 2'000;
  CHECK_FALSE(spent_work::takes(large));
}
