#include "actors/policy/coalescing_queue.hpp"

#include "tests/catch.hpp"

#include <random>
#include <string>
#include <vector>

using namespace onewriter;

namespace {

struct fixture {
  coalescing_queue<std::string> queue{{4, 100}};

  // Says what happened, and what was dropped for it.
  std::string push(std::string key, std::string item, size_t bytes = 10) {
    constexpr const char* names[] = {"enqueued", "replaced", "refused"};
    auto result = queue.push(std::move(key), bytes, std::move(item));
    return names[static_cast<size_t>(result.outcome)]
           + (result.dropped > 0 ? " -" + std::to_string(result.dropped) : "");
  }

  std::string take(size_t max_items = 1000, size_t max_bytes = 1000) {
    std::string result;
    for (auto& item : queue.take(max_items, max_bytes))
      result += item + " ";
    return result;
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "the newest item of a key wins, in the old place") {
  CHECK(push("a", "a1") == "enqueued");
  CHECK(push("b", "b1") == "enqueued");
  CHECK(push("a", "a2") == "replaced");
  CHECK(push("a", "a3") == "replaced");
  CHECK(queue.size() == 2);
  CHECK(take() == "a3 b1 ");
}

TEST_CASE_METHOD(fixture, "items without a key are never replaced") {
  CHECK(push("", "x") == "enqueued");
  CHECK(push("", "y") == "enqueued");
  CHECK(take() == "x y ");
}

TEST_CASE_METHOD(fixture, "a key that was taken starts a new place") {
  push("a", "a1");
  push("b", "b1");
  CHECK(take(1) == "a1 ");
  CHECK(push("a", "a2") == "enqueued");
  CHECK(take() == "b1 a2 ");
}

TEST_CASE_METHOD(fixture, "the oldest item makes room for one too many") {
  for (auto key : {"a", "b", "c", "d"})
    push(key, key);
  CHECK(push("e", "e") == "enqueued -1");
  CHECK(push("b", "b2") == "replaced");
  CHECK(push("a", "a2") == "enqueued -1");
  CHECK(take() == "c d e a2 ");
}

TEST_CASE_METHOD(fixture, "the oldest items make room for a large one") {
  for (auto key : {"a", "b", "c"})
    push(key, key, 30);
  CHECK(push("d", "d", 65) == "enqueued -2");
  CHECK(queue.bytes() == 95);
  CHECK(take() == "c d ");
}

TEST_CASE_METHOD(fixture, "an item that grows drops other items, not itself") {
  for (auto key : {"a", "b", "c"})
    push(key, key, 30);
  CHECK(push("a", "a2", 70) == "replaced -1");
  CHECK(take() == "a2 c ");
}

TEST_CASE_METHOD(fixture, "an item as large as the bound is alone") {
  push("a", "a");
  push("b", "b");
  CHECK(push("b", "b2", 100) == "replaced -1");
  CHECK(take() == "b2 ");
}

TEST_CASE_METHOD(fixture, "an item larger than the bound changes nothing") {
  push("a", "a1");
  CHECK(push("a", "a2", 101) == "refused");
  CHECK(push("", "b", 101) == "refused");
  CHECK(queue.bytes() == 10);
  CHECK(take() == "a1 ");
}

TEST_CASE("a queue without places refuses everything") {
  coalescing_queue<int> queue{{0, 100}};
  CHECK(queue.push("", 1, 7).outcome == coalescing_outcome::refused);
  CHECK(queue.empty());
}

TEST_CASE_METHOD(fixture, "taking stops at the limits of the caller") {
  for (auto key : {"a", "b", "c", "d"})
    push(key, key, 20);
  CHECK(take(1) == "a ");
  CHECK(take(1000, 59) == "b c ");
  CHECK(take(0).empty());
  CHECK(take() == "d ");
  CHECK(take().empty());
}

TEST_CASE_METHOD(fixture, "the first item taken may exceed the limit") {
  push("a", "a", 50);
  push("b", "b", 50);
  CHECK(take(1000, 1) == "a ");
  CHECK(take(1000, 1) == "b ");
}

TEST_CASE("under random pushes the bounds hold and the newest values win") {
  constexpr uint64_t seed = 7;
  INFO("seed " << seed);
  std::mt19937_64 random{seed};
  coalescing_queue<uint64_t> queue{{20, 1000}};
  std::vector<uint64_t> newest(30);
  uint64_t queued = 0;
  for (uint64_t value = 1; value <= 20'000; ++value) {
    auto key = random() % newest.size();
    auto result = queue.push(std::to_string(key), random() % 200,
                             value * newest.size() + key);
    newest[key] = value;
    queued += result.outcome == coalescing_outcome::enqueued ? 1 : 0;
    queued -= result.dropped;
    if (random() % 50 == 0)
      for (auto item : queue.take(random() % 10, 500)) {
        REQUIRE(newest[item % newest.size()] == item / newest.size());
        --queued;
      }
    REQUIRE(queue.size() == queued);
    REQUIRE(queue.size() <= 20);
    REQUIRE(queue.bytes() <= 1000);
  }
  CHECK(queue.take(1000, 100'000).size() == queued);
  CHECK(queue.bytes() == 0);
}
