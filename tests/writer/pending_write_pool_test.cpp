#include "actors/core/pending_write_pool.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <memory>
#include <vector>

using namespace onewriter;

namespace {

using watchers = std::vector<std::weak_ptr<pending_write>>;

std::vector<pending_write_ptr> requests(size_t count, watchers& seen) {
  std::vector<pending_write_ptr> result;
  for (size_t i = 0; i < count; ++i) {
    result.push_back(std::make_shared<pending_write>());
    seen.push_back(result.back());
  }
  return result;
}

size_t alive(const watchers& seen) {
  return static_cast<size_t>(std::count_if(
    seen.begin(), seen.end(), [](auto& x) { return !x.expired(); }));
}

} // namespace

TEST_CASE("answered requests are used again, without what they held") {
  pending_write_pool pool;
  watchers seen;
  auto some = requests(3, seen);
  for (auto& x : some) {
    x->request = write{"SELECT 1"};
    x->sender = 7;
    x->attempts = 2;
  }
  pool.put(some);
  CHECK(some.empty());
  std::vector<pending_write_ptr> again;
  for (auto i = 0; i < 3; ++i)
    again.push_back(pool.take());
  CHECK(alive(seen) == 3);
  for (auto& x : again) {
    CHECK(std::get<write>(x->request).statements.empty());
    CHECK(x->sender == 0);
    CHECK(x->attempts == 0);
    CHECK_FALSE(x->reply);
  }
  auto fresh = pool.take();
  REQUIRE(fresh);
  CHECK(std::none_of(seen.begin(), seen.end(),
                     [&](auto& x) { return x.lock() == fresh; }));
}

TEST_CASE("more than a few answered requests are not kept") {
  pending_write_pool pool;
  watchers seen;
  for (auto i = 0; i < 100; ++i) {
    auto some = requests(1'000, seen);
    pool.put(some);
    CHECK(alive(seen) < 10'000);
  }
}

TEST_CASE("a large answered request is not kept") {
  pending_write small;
  CHECK(pending_write_pool::takes(small));
  pending_write large;
  large.bytes = 2'000;
  CHECK_FALSE(pending_write_pool::takes(large));
}
