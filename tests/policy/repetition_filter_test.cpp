#include "actors/policy/repetition_filter.hpp"

#include "tests/catch.hpp"

using namespace onewriter;
using namespace std::chrono_literals;

TEST_CASE("a line about what lasts is written once in five seconds") {
  repetition_filter filter;
  auto now = repetition_filter::time_point{};
  CHECK(filter.passes(1, now));
  CHECK_FALSE(filter.passes(1, now));
  CHECK_FALSE(filter.passes(1, now + 4999ms));
  CHECK(filter.passes(1, now + 5s));
  CHECK_FALSE(filter.passes(1, now + 6s));
}

TEST_CASE("a line about something else is written at once") {
  repetition_filter filter;
  auto now = repetition_filter::time_point{};
  CHECK(filter.passes(1, now));
  CHECK(filter.passes(2, now));
  CHECK(filter.passes(1, now));
  CHECK_FALSE(filter.passes(1, now));
}
