#include "actors/policy/turn_budget.hpp"

#include "tests/catch.hpp"

#include <limits>

using namespace onewriter;
using namespace std::chrono_literals;

namespace {

constexpr std::array<bool, lane_count> nobody_waits{};

constexpr std::array<bool, lane_count> all_wait{true, true, true, true, true};

write_queue_options small_turn() {
  write_queue_options options;
  options.turn_items = 10;
  options.turn_bytes = 1000;
  options.turn_time = 100ms;
  options.normal_share = 0.3;
  return options;
}

bool admits(const turn_budget& budget, lane which, size_t bytes) {
  return budget.admits(which, bytes, turn_cost{});
}

} // namespace

TEST_CASE("a turn ends with its last item") {
  auto budget = turn_budget{small_turn()};
  budget.begin(nobody_waits);
  for (auto item = 0; item < 10; ++item) {
    REQUIRE(admits(budget, lane::normal, 1));
    budget.charge(lane::normal, 1);
  }
  CHECK_FALSE(admits(budget, lane::normal, 1));
}

TEST_CASE("a turn has room for exactly its bytes") {
  auto budget = turn_budget{small_turn()};
  budget.begin(nobody_waits);
  budget.charge(lane::normal, 900);
  CHECK(admits(budget, lane::normal, 100));
  CHECK_FALSE(admits(budget, lane::normal, 101));
}

TEST_CASE("a turn ends when its time is up") {
  auto budget = turn_budget{small_turn()};
  budget.begin(nobody_waits);
  budget.advance(99ms);
  CHECK(admits(budget, lane::normal, 1));
  budget.advance(100ms);
  CHECK_FALSE(admits(budget, lane::normal, 1));
}

TEST_CASE("a lane that waits gets one item, even if all is used up") {
  auto budget = turn_budget{small_turn()};
  budget.begin(all_wait);
  budget.charge(lane::urgent, 5000);
  budget.advance(10s);
  CHECK(admits(budget, lane::background, 5000));
  budget.charge(lane::background, 5000);
  CHECK_FALSE(admits(budget, lane::background, 1));
}

TEST_CASE("after an item beyond the bounds not even an empty one fits") {
  auto budget = turn_budget{small_turn()};
  budget.begin(all_wait);
  budget.charge(lane::urgent, 1001);
  CHECK_FALSE(admits(budget, lane::urgent, 0));
}

TEST_CASE("a lane reserves its share of items, bytes and time") {
  auto budget = turn_budget{small_turn()};
  budget.begin(all_wait);
  auto reserved = budget.reserve(lane::normal, 100, 10'000);
  CHECK(reserved.items == 3);
  CHECK(reserved.bytes == 300);
  CHECK(reserved.time == 30ms);
}

TEST_CASE("a lane reserves no more than it has use for") {
  auto budget = turn_budget{small_turn()};
  budget.begin(all_wait);
  auto reserved = budget.reserve(lane::normal, 2, 50);
  CHECK(reserved.items == 2);
  CHECK(reserved.bytes == 50);
}

TEST_CASE("what a lane has used it no longer reserves") {
  auto budget = turn_budget{small_turn()};
  budget.begin(all_wait);
  budget.charge(lane::normal, 250);
  budget.advance(20ms);
  auto reserved = budget.reserve(lane::normal, 100, 10'000);
  CHECK(reserved.items == 2);
  CHECK(reserved.bytes == 50);
  CHECK(reserved.time == 10ms);
}

TEST_CASE("time is charged to the lane that was served last") {
  auto budget = turn_budget{small_turn()};
  budget.begin(all_wait);
  budget.charge(lane::urgent, 1);
  budget.advance(20ms);
  CHECK(budget.reserve(lane::normal, 100, 1).time == 30ms);
  budget.charge(lane::normal, 1);
  budget.advance(25ms);
  CHECK(budget.reserve(lane::normal, 100, 1).time == 25ms);
}

TEST_CASE("a lane too small for a share still reserves its promised item") {
  auto budget = turn_budget{small_turn()};
  budget.begin(all_wait);
  CHECK(budget.reserve(lane::background, 100, 1).items == 1);
  budget.charge(lane::background, 1);
  CHECK(budget.reserve(lane::background, 100, 1).items == 0);
}

TEST_CASE("a share outside of 0 to 1 counts as the nearest bound") {
  auto options = small_turn();
  options.normal_share = 7.0;
  options.chunk_share = -1.0;
  options.background_share = std::numeric_limits<double>::quiet_NaN();
  auto budget = turn_budget{options};
  budget.begin(nobody_waits);
  CHECK(budget.reserve(lane::normal, 100, 10'000).items == 10);
  CHECK(budget.reserve(lane::chunk, 100, 10'000).items == 0);
  CHECK(budget.reserve(lane::background, 100, 10'000).items == 0);
}

TEST_CASE("the largest bounds there are mean no bounds") {
  write_queue_options options;
  options.turn_items = std::numeric_limits<size_t>::max();
  options.turn_bytes = std::numeric_limits<size_t>::max();
  options.turn_time = std::chrono::nanoseconds::max();
  auto budget = turn_budget{options};
  budget.begin(all_wait);
  budget.charge(lane::urgent, 1'000'000'000'000);
  budget.advance(1h);
  CHECK(budget.admits(lane::urgent, 1'000'000'000'000,
                      budget.reserve(lane::normal, 100, 100)));
}
