// How many actors may block the scheduler's threads.
#include "actors/support/scheduler_seat.hpp"

#include "tests/catch.hpp"

#include "onewriter/config.hpp"

#include <array>

using namespace onewriter;

TEST_CASE("one of the scheduler's threads is left to others") {
  config cfg;
  cfg.set(max_threads_key, size_t{3});
  caf::actor_system sys{cfg};
  std::array<scheduler_seat, 3> seats;
  CHECK(seats[0].take(sys));
  CHECK(seats[0].take(sys));
  CHECK(seats[1].take(sys));
  CHECK_FALSE(seats[2].take(sys));
  seats[0].release();
  seats[0].release();
  CHECK(seats[2].take(sys));
  CHECK_FALSE(seats[0].take(sys));
  {
    config one;
    one.set(max_threads_key, size_t{1});
    caf::actor_system small{one};
    seats[1].release();
    seats[2].release();
    CHECK_FALSE(seats[0].take(small));
  }
  CHECK(seats[0].take(sys));
}
