#include "app/demo/display/live_frame.hpp"

#include "actors/console/format.hpp"
#include "app/demo/display/progress_text.hpp"
#include "tests/catch.hpp"

#include <algorithm>

using namespace onewriter;
using namespace onewriter::node;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

// As large as numbers may reasonably get.
snapshot large_snapshot() {
  snapshot result;
  result.path = "/a/folder/with/quite/a/long/name/that/does/not/fit/anywhere";
  result.peers = 10'000;
  result.chaos = milliseconds{500};
  result.synchronous = "normal";
  result.elapsed = seconds{3'725};
  result.duration = seconds{7'200};
  for (auto& x : result.told.activities) {
    x.done = 12'345'678;
    x.failed = 12;
    x.took = {12'345'678, milliseconds{12}, milliseconds{1'234},
              milliseconds{12'345}};
  }
  result.rates.fill(12'345);
  result.told.stage = stage::busy;
  result.told.store.total_files = 123'456;
  result.told.store.total_bytes = 999'900'000'000;
  result.told.store.files = 61'728;
  result.told.store.bytes = 499'950'000'000;
  result.told.store.texts = 123'456;
  result.told.store.text_bytes = 400'000'000'000;
  result.told.index.texts = 61'728;
  result.told.index.bytes = 200'000'000'000;
  result.stored_bytes_per_second = 999'900'000;
  result.indexed_bytes_per_second = 99'900'000;
  result.database.state = "restarting";
  result.database.writer_restarts = 1'234;
  result.events = {std::string(200, 'x'), "two", "three"};
  return result;
}

std::vector<std::string> drawn(const snapshot& what, screen_size size) {
  std::vector<std::string> result;
  for (auto& line : live_frame(what, size, true))
    result.push_back(line.render(size.columns, false));
  return result;
}

bool has(const std::vector<std::string>& lines, std::string_view text) {
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& x) {
    return x.find(text) != x.npos;
  });
}

} // namespace

TEST_CASE("a bar is as full as its share") {
  CHECK(bar(0, 4, false).render(false) == "....");
  CHECK(bar(0.5, 4, false).render(false) == "##..");
  CHECK(bar(0.99, 4, false).render(false) == "###.");
  CHECK(bar(1, 4, false).render(false) == "####");
  CHECK(bar(7, 4, false).render(false) == "####");
  CHECK(bar(-7, 4, false).render(false) == "....");
  CHECK(bar(0.5, 2, true).render(false) == "\u2588\u2591");
  CHECK(bar(0.5, 0, true).render(false).empty());
}

TEST_CASE("no screen is too small, and none is left") {
  for (size_t columns : {1u, 10u, 40u, 79u, 80u, 81u, 120u, 400u})
    for (size_t lines : {1u, 2u, 5u, 10u, 23u, 24u, 25u, 60u}) {
      auto result = drawn(large_snapshot(), {columns, lines});
      CHECK(result.size() < lines + (lines == 0 ? 1 : 0));
      for (auto& x : result)
        CHECK(columns_of(x) <= columns);
    }
}

TEST_CASE("everything but the events fits on an ordinary terminal") {
  auto what = large_snapshot();
  what.events.clear();
  auto lines = live_frame(what, {80, 24}, true);
  for (auto& line : lines)
    CHECK(line.columns() <= 80);
  auto text = drawn(what, {80, 24});
  CHECK(has(text, "connect"));
  CHECK(has(text, "index text"));
  CHECK(has(text, "requests per commit"));
  CHECK(has(text, "coalesced"));
  CHECK(has(text, "indexing off"));
  CHECK(has(text, "background"));
  CHECK(has(text, "restarts"));
}

TEST_CASE("the least important lines are the first to go") {
  auto what = large_snapshot();
  CHECK(has(drawn(what, {80, 40}), "three"));
  auto small = drawn(what, {80, 15});
  CHECK_FALSE(has(small, "three"));
  CHECK_FALSE(has(small, "memory at most"));
  CHECK(has(small, "connect"));
  CHECK(has(small, "stored"));
}

TEST_CASE("a line of progress fits on a line") {
  auto what = large_snapshot();
  what.told.busy_connect
    = {1, milliseconds{1}, milliseconds{123}, milliseconds{1}};
  CHECK(progress_line(what).size() <= 80);
  CHECK(progress_line(what)
        == "62:05  stored 50 %  indexed 61,728  connects 12,345/s "
           "p99 123 ms  restarts 1,234");
  what.told.task = "hashing blocks";
  what.told.task_done = 1'200;
  what.told.task_total = 5'000;
  CHECK(progress_line(what) == "62:05  hashing blocks, 1,200 of 5,000");
}
