#include "actors/policy/alert_rules.hpp"

#include "tests/catch.hpp"

#include <limits>
#include <string>
#include <vector>

using namespace onewriter;

namespace {

// What each value changes: "^" raises, "v" clears, "." does nothing.
std::string changes(double threshold, const std::vector<double>& values) {
  alert_rule rule{"rule", threshold};
  std::string result;
  for (auto value : values)
    result += ".^v"[static_cast<size_t>(rule.update(value))];
  return result;
}

} // namespace

TEST_CASE("an alert is raised once when the value reaches the threshold") {
  CHECK(changes(10, {0, 9.9, 10, 11, 1000}) == "..^..");
}

TEST_CASE("an alert is cleared once the value is below half the threshold") {
  CHECK(changes(10, {10, 9, 5, 4.9, 0}) == "^..v.");
}

TEST_CASE("a value that hovers around the threshold rings once") {
  CHECK(changes(10, {10, 9, 10, 9, 10, 6, 11}) == "^......");
}

TEST_CASE("an alert that was cleared can be raised again") {
  CHECK(changes(10, {10, 0, 9, 10, 0}) == "^v.^v");
}

TEST_CASE("a threshold of single events is cleared below itself") {
  CHECK(changes(1, {0, 1, 2, 1, 0}) == ".^..v");
  CHECK(changes(0.5, {0.4, 0.5, 0.49}) == ".^v");
}

TEST_CASE("a threshold of zero turns a rule off") {
  CHECK(changes(0, {0, 1, 1e9}) == "...");
}

TEST_CASE("a value that is not a number changes nothing") {
  auto nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(changes(10, {nan, 10, nan, 0}) == ".^.v");
}

TEST_CASE("a rule knows its name, its threshold and whether it is raised") {
  alert_rule rule{"pending writes", 10};
  CHECK(rule.name() == "pending writes");
  CHECK(rule.threshold() == 10);
  CHECK_FALSE(rule.raised());
  CHECK(rule.update(10) == alert_change::raised);
  CHECK(rule.raised());
}
