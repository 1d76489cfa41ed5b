// What is recorded of clients that are not treated alike.
#include "bench/measure/recorder.hpp"
#include "tests/catch.hpp"

using namespace onewriter;
using namespace onewriter::bench;

TEST_CASE("a client that starves shows in the time, and in its share") {
  task what;
  what.clients = 2;
  what.length = std::chrono::seconds{10};
  recorder records{what};
  records.start();
  auto now = recorder::clock::now();
  constexpr uint64_t quick_writes = 2'000;
  for (uint64_t i = 0; i < quick_writes; ++i)
    records.acknowledged(0, i, 1, now - std::chrono::milliseconds{1}, now);
  records.acknowledged(1, 0, 1, now - std::chrono::seconds{1}, now);
  auto result = records.finish();
  // Of the writes, one of 2,001 was slow; of the time, a third.
  CHECK(microseconds(result.write_latency->quantile(0.999)) < 1'100);
  CHECK(microseconds(result.write_waits->quantile(0.5)) < 1'100);
  CHECK(microseconds(result.write_waits->quantile(0.7)) > 900'000);
  CHECK(result.fewest_writes == 1);
  CHECK(result.average_writes == (quick_writes + 1) / 2.0);
}
