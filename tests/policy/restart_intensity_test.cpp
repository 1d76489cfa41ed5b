#include "actors/policy/restart_intensity.hpp"

#include "tests/catch.hpp"

#include <string>
#include <vector>

using namespace onewriter;
using namespace std::chrono_literals;

namespace {

// Which restarts at these times are allowed: "+" or "-" for each.
std::string verdicts(restart_intensity_options options,
                     const std::vector<std::chrono::milliseconds>& times) {
  restart_intensity intensity{options};
  std::string result;
  for (auto time : times) {
    auto now = restart_intensity::time_point{} + time;
    result += intensity.allow(now) ? "+" : "-";
  }
  return result;
}

} // namespace

TEST_CASE("a period holds so many restarts and no more") {
  CHECK(verdicts({3, 5s}, {0s, 1s, 2s, 3s, 4s}) == "+++--");
}

TEST_CASE("a restart counts until a whole period has passed") {
  CHECK(verdicts({3, 5s}, {0s, 1s, 2s, 4'999ms, 5s, 5'999ms, 6s}) == "+++-+-+");
}

TEST_CASE("restarts far enough apart are allowed for ever") {
  std::vector<std::chrono::milliseconds> times;
  for (auto time = 0s; time < 200s; time += 2s)
    times.push_back(time);
  CHECK(verdicts({3, 5s}, times) == std::string(100, '+'));
}

TEST_CASE("a restart that is refused does not count") {
  CHECK(verdicts({1, 5s}, {0s, 4s, 5s}) == "+-+");
}

TEST_CASE("an intensity of zero allows no restart") {
  CHECK(verdicts({0, 5s}, {0s, 1h}) == "--");
}
