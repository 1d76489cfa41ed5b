#include "actors/policy/lane.hpp"

#include "tests/catch.hpp"

using namespace onewriter;

TEST_CASE("lanes are listed by name in the order of a turn") {
  std::string names;
  for (auto which : lanes)
    names += to_string(which) + " ";
  CHECK(names == "urgent normal best_effort chunk background ");
}

TEST_CASE("what is not a lane is called unknown") {
  CHECK(to_string(static_cast<lane>(lane_count)) == "unknown");
}
