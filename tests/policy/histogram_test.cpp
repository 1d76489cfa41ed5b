#include "actors/policy/histogram.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <thread>
#include <vector>

using namespace onewriter;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

namespace {

// Durations spread evenly over the orders of magnitude from 1 us to 1 h.
std::vector<nanoseconds> random_durations(uint64_t seed, size_t count) {
  std::mt19937_64 random{seed};
  auto orders = std::log(3600e9) - std::log(1e3);
  std::vector<nanoseconds> result;
  for (; count > 0; --count) {
    auto position = static_cast<double>(random() % 1'000'000) / 1e6;
    auto value = 1e3 * std::exp(position * orders);
    result.push_back(nanoseconds{static_cast<nanoseconds::rep>(value)});
  }
  return result;
}

nanoseconds exact_quantile(std::vector<nanoseconds> sorted, double q) {
  auto rank = std::ceil(q * static_cast<double>(sorted.size()));
  return sorted[static_cast<size_t>(std::max(rank, 1.0)) - 1];
}

double relative_error(nanoseconds x, nanoseconds exact) {
  return std::abs(static_cast<double>((x - exact).count()))
         / static_cast<double>(exact.count());
}

} // namespace

TEST_CASE("quantiles of random durations are off by less than 1 percent") {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    INFO("seed " << seed);
    auto durations = random_durations(seed, 10'000);
    histogram x;
    for (auto duration : durations)
      x.record(duration);
    std::sort(durations.begin(), durations.end());
    CHECK(x.count() == durations.size());
    CHECK(x.max() == durations.back());
    for (auto q : {0.0, 0.001, 0.1, 0.25, 0.5, 0.9, 0.99, 0.999, 1.0}) {
      auto exact = exact_quantile(durations, q);
      CHECK(relative_error(x.quantile(q), exact) < 0.01);
    }
  }
}

TEST_CASE("every order of magnitude is exact to within 1 percent") {
  auto worst = 0.0;
  for (auto duration = 1us; duration < 1h; duration += duration / 300 + 1us) {
    histogram x;
    x.record(duration);
    // Something longer, so that the maximum does not help.
    x.record(1h);
    worst = std::max(worst, relative_error(x.quantile(0.5), duration));
  }
  CHECK(worst < 0.01);
  CHECK(worst > 0.001);
}

TEST_CASE("the shortest durations are exact") {
  for (auto duration = 0ns; duration < 128ns; ++duration) {
    histogram x;
    x.record(duration);
    x.record(1h);
    CHECK(x.quantile(0.5) == duration);
  }
}

TEST_CASE("the only duration is every quantile and the maximum") {
  histogram x;
  x.record(1'234'567ns);
  CHECK(x.max() == 1'234'567ns);
  CHECK(relative_error(x.quantile(0.0), 1'234'567ns) < 0.01);
  CHECK(x.quantile(0.0) == x.quantile(1.0));
  CHECK(x.quantile(1.0) <= x.max());
}

TEST_CASE("durations out of range count as the nearest bound") {
  histogram x;
  x.record(-1s);
  x.record(nanoseconds::min());
  CHECK(x.max() == 0s);
  x.record(2h);
  x.record(nanoseconds::max());
  CHECK(x.count() == 4);
  CHECK(x.quantile(0.5) == 0s);
  CHECK(x.max() == 1h);
  CHECK(relative_error(x.quantile(1.0), 1h) < 0.01);
}

TEST_CASE("a quantile out of range counts as the nearest bound") {
  histogram x;
  x.record(1ns);
  x.record(2ns);
  CHECK(x.quantile(-1.0) == 1ns);
  CHECK(x.quantile(2.0) == 2ns);
  CHECK(x.quantile(std::nan("")) == 1ns);
}

TEST_CASE("an empty histogram is zero in every respect") {
  histogram x;
  CHECK(x.count() == 0);
  CHECK(x.max() == 0s);
  CHECK(x.quantile(0.5) == 0s);
}

TEST_CASE("a sum of histograms is the histogram of all durations") {
  histogram x;
  histogram y;
  histogram all;
  auto durations = random_durations(3, 1000);
  for (size_t index = 0; index < durations.size(); ++index) {
    (index % 3 == 0 ? x : y).record(durations[index]);
    all.record(durations[index]);
  }
  x.add(y);
  CHECK(x.count() == all.count());
  CHECK(x.max() == all.max());
  for (auto q : {0.0, 0.1, 0.5, 0.9, 1.0})
    CHECK(x.quantile(q) == all.quantile(q));
}

TEST_CASE("a cleared histogram starts again") {
  histogram x;
  x.record(1s);
  x.clear();
  CHECK(x.count() == 0);
  CHECK(x.max() == 0s);
  x.record(1ms);
  CHECK(x.max() == 1ms);
  CHECK(x.quantile(1.0) <= 1ms);
}

TEST_CASE("a thread can read what another one is recording") {
  constexpr uint64_t records = 200'000;
  histogram x;
  std::thread recorder{[&x] {
    for (uint64_t record = 0; record < records; ++record)
      x.record(1ms);
  }};
  uint64_t seen = 0;
  while (seen < records) {
    auto now = x.count();
    REQUIRE(now >= seen);
    REQUIRE(x.quantile(0.5) <= 1ms);
    seen = now;
  }
  recorder.join();
  CHECK(seen == records);
}
