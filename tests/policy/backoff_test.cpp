#include "actors/policy/backoff.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <string>

using namespace onewriter;
using namespace std::chrono_literals;

namespace {

constexpr uint64_t seed = 42;

// The next delays, in milliseconds.
std::string delays(backoff& x, size_t count) {
  std::string result;
  for (; count > 0; --count)
    result += std::to_string(x.next() / 1ms) + " ";
  return result;
}

} // namespace

TEST_CASE("delays grow by the factor up to the maximum") {
  backoff x{{50ms, 1s, 2.0, 0.0}, seed};
  CHECK(delays(x, 7) == "50 100 200 400 800 1000 1000 ");
}

TEST_CASE("after a success the delays start again") {
  backoff x{{50ms, 1s, 3.0, 0.0}, seed};
  CHECK(delays(x, 3) == "50 150 450 ");
  x.reset();
  CHECK(delays(x, 2) == "50 150 ");
}

TEST_CASE("jitter takes off at most its fraction and adds nothing") {
  INFO("seed " << seed);
  backoff x{{1s, 1s, 2.0, 0.25}, seed};
  auto shortest = x.next();
  auto longest = shortest;
  for (auto attempt = 0; attempt < 1000; ++attempt) {
    auto delay = x.next();
    shortest = std::min(shortest, delay);
    longest = std::max(longest, delay);
  }
  CHECK(shortest >= 750ms);
  CHECK(shortest < 755ms);
  CHECK(longest > 995ms);
  CHECK(longest <= 1s);
}

TEST_CASE("the same seed gives the same delays everywhere") {
  backoff x{backoff_options{}, seed};
  CHECK(delays(x, 6) == "31 68 124 372 438 1524 ");
}

TEST_CASE("different seeds give different delays") {
  backoff x{backoff_options{}, 1};
  backoff y{backoff_options{}, 2};
  CHECK(x.next() != y.next());
}

TEST_CASE("options out of range count as the nearest sensible ones") {
  backoff shrinking{{1s, 10s, 0.5, -1.0}, seed};
  CHECK(delays(shrinking, 3) == "1000 1000 1000 ");
  backoff reversed{{10s, 1s, 2.0, 0.0}, seed};
  CHECK(delays(reversed, 2) == "1000 1000 ");
  backoff negative{{-1s, 1s, 2.0, 0.0}, seed};
  CHECK(delays(negative, 2) == "0 0 ");
}

TEST_CASE("delays without a maximum stop growing after a century") {
  backoff x{{1h, std::chrono::nanoseconds::max(), 10.0, 0.0}, seed};
  for (auto attempt = 0; attempt < 100; ++attempt)
    x.next();
  CHECK(x.next() == std::chrono::hours{24 * 36'525});
}
