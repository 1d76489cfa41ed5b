#include "actors/index/chunk/chunk_budget.hpp"

#include "tests/catch.hpp"

#include <chrono>
#include <cstdint>
#include <random>
#include <string>

using namespace onewriter;
using namespace std::chrono_literals;

namespace {

// Lets a budget size chunks of which a unit takes `unit`, and returns the
// sizes.
std::string sizes(chunk_budget& budget, std::chrono::nanoseconds unit,
                  int chunks) {
  std::string result;
  for (int i = 0; i < chunks; ++i) {
    auto units = budget.units();
    result += std::to_string(units) + " ";
    budget.measured(units, unit * static_cast<int64_t>(units));
  }
  return result;
}

} // namespace

TEST_CASE("a chunk budget starts small and at most doubles") {
  chunk_budget budget{5ms};
  CHECK(sizes(budget, 100us, 8) == "1 2 4 8 16 30 30 30 ");
}

TEST_CASE("a chunk budget aims at less than the limit") {
  chunk_budget budget{10ms, 1000};
  CHECK(sizes(budget, 100us, 3) == "1000 60 60 ");
}

TEST_CASE("a chunk budget shrinks at once when a chunk took too long") {
  chunk_budget budget{5ms};
  sizes(budget, 10us, 12);
  REQUIRE(budget.units() == 300);
  budget.measured(300, 30ms);
  CHECK(budget.units() == 30);
  CHECK(sizes(budget, 10us, 5) == "30 60 120 240 300 ");
}

TEST_CASE("a chunk budget follows its limit") {
  chunk_budget budget{8ms};
  sizes(budget, 10us, 12);
  REQUIRE(budget.units() == 480);
  budget.set_limit(2ms);
  CHECK(sizes(budget, 10us, 2) == "120 120 ");
  budget.set_limit(2ms);
  CHECK(budget.units() == 120);
  budget.set_limit(8ms);
  CHECK(sizes(budget, 10us, 2) == "480 480 ");
}

TEST_CASE("a chunk budget survives the shortest limit") {
  chunk_budget budget{3ns, 20};
  budget.set_limit(0ns);
  CHECK(budget.units() == 11);
  budget.set_limit(3ns);
  CHECK(budget.units() == 19);
  budget.set_limit(std::chrono::nanoseconds::max());
  CHECK(budget.units() == size_t{1} << 40);
}

TEST_CASE("a chunk has one unit even where that takes too long") {
  chunk_budget budget{5ms, 0};
  CHECK(sizes(budget, 1s, 3) == "1 1 1 ");
}

TEST_CASE("a chunk that is smaller than asked for lets none grow or shrink") {
  chunk_budget budget{5ms, 20};
  budget.measured(1, 1us);
  CHECK(budget.units() == 20);
  budget.measured(1, 2ms);
  CHECK(budget.units() == 20);
}

TEST_CASE("a chunk that is smaller than asked for and slow cuts the next") {
  chunk_budget budget{5ms, 20};
  budget.measured(10, 10ms);
  CHECK(budget.units() == 3);
}

TEST_CASE("a chunk without units teaches a budget nothing") {
  chunk_budget budget{5ms, 20};
  budget.measured(0, 1s);
  CHECK(budget.units() == 20);
}

TEST_CASE("a chunk budget survives a clock that stands still and one that runs "
          "away") {
  chunk_budget budget{5ms};
  for (int i = 0; i < 100; ++i)
    budget.measured(budget.units(), 0ns);
  CHECK(budget.units() == size_t{1} << 40);
  budget.measured(budget.units(), std::chrono::nanoseconds::max());
  CHECK(budget.units() >= 1);
}

TEST_CASE("a chunk budget keeps to its limit while costs vary") {
  constexpr uint64_t seed = 20272;
  CAPTURE(seed);
  std::mt19937_64 random{seed};
  chunk_budget budget{5ms};
  int over = 0;
  for (int i = 0; i < 10'000; ++i) {
    auto units = budget.units();
    auto unit = std::chrono::microseconds{80 + random() % 50};
    auto took = std::chrono::nanoseconds{200us} + unit * units;
    over += took > 5ms ? 1 : 0;
    budget.measured(units, took);
  }
  CHECK(over == 0);
  CHECK(budget.units() > 15);
}
