// When a writer lets its senders run before a turn.
#include "actors/policy/turn_gathering.hpp"

#include "tests/catch.hpp"

using namespace onewriter;
using namespace std::chrono_literals;

namespace {

constexpr auto now = turn_gathering::clock::time_point{} + 1s;

/// Returns how often the senders run if they send nothing more.
size_t idle_rounds(turn_gathering& what, size_t size) {
  size_t result = 0;
  while (what.waits(size, now))
    ++result;
  return result;
}

} // namespace

TEST_CASE("a turn begins at once if as many wait as were answered") {
  turn_gathering uut;
  CHECK(uut.is_small());
  CHECK_FALSE(uut.waits(1, now));
  uut.ended(1, 0);
  CHECK_FALSE(uut.waits(1, now));
  uut.ended(8, 0);
  CHECK(uut.waits(7, now));
  CHECK_FALSE(uut.waits(8, now));
}

TEST_CASE("a turn waits while requests arrive, and a little longer") {
  turn_gathering uut;
  uut.ended(100, 0);
  for (size_t size = 1; size < 100; ++size)
    REQUIRE(uut.waits(size, now));
  uut.ended(100, 0);
  // The first look finds what has woken the writer.
  CHECK(idle_rounds(uut, 3) == 1 + turn_gathering::most_idle_yields);
  CHECK_FALSE(uut.waits(3, now));
}

TEST_CASE("a turn is not put off for longer than its limit") {
  turn_gathering uut;
  uut.ended(100, 0);
  CHECK(uut.waits(1, now));
  CHECK(uut.waits(2, now + turn_gathering::most_time - 1ns));
  CHECK_FALSE(uut.waits(3, now + turn_gathering::most_time));
  uut.ended(3, 0);
  CHECK(uut.waits(1, now + turn_gathering::most_time));
}

TEST_CASE("what is expected falls when fewer requests come") {
  turn_gathering uut;
  uut.ended(64, 0);
  auto turns = 0;
  for (; uut.waits(1, now); ++turns)
    uut.ended(1, 0);
  CHECK(turns > 5);
  CHECK(turns < 40);
}

TEST_CASE("large turns wait for no more than a small one has") {
  turn_gathering uut;
  uut.ended(10'000, 0);
  CHECK_FALSE(uut.is_small());
  CHECK(uut.waits(turn_gathering::small_turn - 1, now));
  CHECK_FALSE(uut.waits(turn_gathering::small_turn, now));
  uut.ended(turn_gathering::small_turn - 1, 0);
  CHECK(uut.is_small());
}

TEST_CASE("senders with one request run before a turn of what was left") {
  turn_gathering uut;
  uut.ended(48, 1'000);
  CHECK(uut.waits(1'000, now));
  CHECK_FALSE(uut.waits(1'000, now));
  // Large turns take long enough.
  uut.ended(turn_gathering::small_turn, 1'000);
  CHECK_FALSE(uut.waits(1'000, now));
}
