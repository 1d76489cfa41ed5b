#include "actors/policy/write_queue.hpp"

#include "tests/catch.hpp"

#include <memory>
#include <string>

using namespace onewriter;
using namespace std::chrono_literals;

namespace {

// Items are named after their lane and sender: "n2" waits in the normal lane
// and comes from sender 2.
struct fixture {
  write_queue_options options;
  std::unique_ptr<write_queue<std::string>> queue;

  fixture() {
    options.quantum = 1;
    open();
  }

  // Starts again with the options as they are now.
  void open() {
    queue = std::make_unique<write_queue<std::string>>(options);
  }

  static lane lane_of(const std::string& item) {
    return lanes.at(std::string{"unBcb"}.find(item[0]));
  }

  static uint64_t sender_of(const std::string& item) {
    return static_cast<uint64_t>(item[1] - '0');
  }

  void push(const std::string& item, size_t count = 1, size_t bytes = 0) {
    for (; count > 0; --count)
      queue->push(lane_of(item), sender_of(item), bytes, item);
  }

  void give_back(const std::string& item) {
    queue->push_front(lane_of(item), sender_of(item), 0, item);
  }

  // Each item takes `time_per_item`.
  std::string turn(std::chrono::nanoseconds time_per_item = 0ns) {
    std::string result;
    queue->begin_turn();
    auto elapsed = 0ns;
    while (auto item = queue->next(elapsed)) {
      result += *item + " ";
      elapsed += time_per_item;
    }
    return result;
  }

  std::string drain() {
    std::string result;
    queue->drain([&result](std::string&& item) { result += item + " "; });
    return result;
  }
};

// Shortens "x x x y " to "3x y ".
std::string counted(const std::string& items) {
  std::string result;
  for (size_t pos = 0; pos < items.size();) {
    auto item = items.substr(pos, 3);
    size_t count = 0;
    for (; items.compare(pos, 3, item) == 0; pos += 3)
      ++count;
    result += (count > 1 ? std::to_string(count) : "") + item;
  }
  return result;
}

} // namespace

TEST_CASE_METHOD(fixture, "a turn serves the lanes in their order") {
  for (auto item : {"b1", "c1", "B1", "n1", "u1"})
    push(item);
  CHECK(turn() == "u1 n1 B1 c1 b1 ");
  CHECK(turn().empty());
}

TEST_CASE_METHOD(fixture, "the senders of a lane take turns") {
  for (auto item : {"n1", "n1", "n1", "n2", "n2", "n3", "u1", "u1", "u2"})
    push(item);
  CHECK(turn() == "u1 u2 u1 n1 n2 n3 n1 n2 n1 ");
}

TEST_CASE_METHOD(fixture, "no turn lasts for a greedy sender") {
  options.contended_items = 5;
  open();
  push("n1", 20);
  push("n2");
  CHECK(counted(turn()) == "n1 n2 3n1 ");
  // Another sender may come again soon.
  CHECK(counted(turn()) == "5n1 ");
}

TEST_CASE_METHOD(fixture, "after a greedy sender was in the way, turns are "
                          "short until no other sender comes") {
  options.contended_items = 3;
  options.calm_turns = 2;
  open();
  push("n1", 20);
  push("n2");
  CHECK(turn() == "n1 n2 n1 ");
  CHECK(counted(turn()) == "3n1 ");
  CHECK(counted(turn()) == "3n1 ");
  CHECK(counted(turn()) == "12n1 ");
}

TEST_CASE_METHOD(fixture, "a turn is not cut for a little more") {
  options.contended_items = 2;
  open();
  push("n1", 4);
  push("n2", 2);
  CHECK(counted(turn()) == "n1 n2 n1 n2 2n1 ");
  // Nor for what a short turn can hold.
  options.contended_items = 5;
  open();
  push("n1", 6);
  push("n2");
  CHECK(counted(turn()) == "n1 n2 5n1 ");
}

TEST_CASE_METHOD(fixture, "a turn is not cut for one of three") {
  options.contended_items = 2;
  open();
  push("n1", 10);
  push("n2", 10);
  push("n3");
  CHECK(turn().size() == 3 * 21);
}

TEST_CASE_METHOD(fixture, "a large item of a greedy sender has its turn") {
  options.contended_items = 2;
  open();
  push("n2");
  push("n1", 20, 3'000);
  CHECK(turn() == "n2 n1 ");
}

TEST_CASE_METHOD(fixture, "lanes behind one that is cut have their shares") {
  options.turn_items = 200;
  options.contended_items = 20;
  open();
  push("u1", 100);
  push("u2");
  push("n1", 40);
  push("c1");
  // A quarter and a tenth of a short turn.
  CHECK(counted(turn()) == "u1 u2 18u1 5n1 c1 ");
  CHECK(counted(turn()) == "15u1 5n1 ");
}

TEST_CASE_METHOD(fixture, "in a short turn the lanes ahead come first, too") {
  options.turn_items = 200;
  options.contended_items = 20;
  open();
  push("n1", 100);
  push("n2");
  turn();
  push("u1", 50);
  push("B1", 50);
  CHECK(counted(turn()) == "13u1 5n1 2B1 ");
}

TEST_CASE_METHOD(fixture,
                 "best effort has the turns that no caller waits for") {
  options.contended_items = 3;
  open();
  push("B1", 20);
  push("b1");
  CHECK(counted(turn()) == "20B1 b1 ");
}

TEST_CASE_METHOD(fixture, "best effort keeps no caller waiting for long") {
  options.contended_items = 3;
  options.calm_turns = 2;
  open();
  push("B1", 40);
  push("n1", 9);
  push("b1");
  CHECK(counted(turn()) == "9n1 3B1 b1 ");
  // Another sender may come again soon.
  CHECK(counted(turn()) == "3B1 ");
  push("u1");
  CHECK(counted(turn()) == "u1 3B1 ");
  CHECK(counted(turn()) == "3B1 ");
  CHECK(counted(turn()) == "3B1 ");
  CHECK(counted(turn()) == "25B1 ");
}

TEST_CASE_METHOD(fixture, "a large best-effort message counts for several") {
  options.contended_items = 3;
  open();
  push("B1", 9, 1'024);
  push("n1");
  CHECK(counted(turn()) == "n1 2B1 ");
}

TEST_CASE_METHOD(fixture, "each job gets one chunk per turn") {
  for (auto item : {"c1", "c1", "c1", "c2", "n1"})
    push(item);
  CHECK(turn() == "n1 c1 c2 ");
  CHECK(turn() == "c1 ");
  CHECK(turn() == "c1 ");
}

TEST_CASE_METHOD(fixture, "a flood leaves the lanes behind their shares") {
  options.turn_items = 20;
  open();
  push("b1", 50);
  push("c1", 50);
  push("B1", 50);
  push("n1", 50);
  push("u1", 50);
  CHECK(counted(turn()) == "11u1 5n1 2B1 c1 b1 ");
}

TEST_CASE_METHOD(fixture, "what a lane does not need goes to the highest") {
  options.turn_items = 20;
  open();
  push("b1");
  push("n1", 2);
  push("u1", 50);
  CHECK(counted(turn()) == "17u1 2n1 b1 ");
  CHECK(counted(turn()) == "20u1 ");
}

TEST_CASE_METHOD(fixture, "shares hold in bytes") {
  options.turn_bytes = 1000;
  open();
  push("b1", 50, 10);
  push("n1", 50, 10);
  push("u1", 100, 10);
  CHECK(counted(turn()) == "70u1 25n1 5b1 ");
}

TEST_CASE_METHOD(fixture, "shares hold in time") {
  options.turn_time = 100ms;
  open();
  push("b1", 50);
  push("n1", 50);
  push("u1", 100);
  CHECK(counted(turn(1ms)) == "70u1 25n1 5b1 ");
}

TEST_CASE_METHOD(fixture, "even a turn without time serves each lane once") {
  options.turn_time = 0ns;
  open();
  for (auto item : {"b1", "c1", "B1", "n1", "u1"})
    push(item, 2);
  CHECK(turn() == "u1 n1 B1 c1 b1 ");
  CHECK(turn() == "u1 n1 B1 c1 b1 ");
}

TEST_CASE_METHOD(fixture, "an item larger than a turn is served nevertheless") {
  options.turn_bytes = 100;
  open();
  push("n1", 2, 1000);
  push("b1", 2, 1);
  CHECK(turn() == "n1 b1 ");
  CHECK(turn() == "n1 b1 ");
}

TEST_CASE_METHOD(fixture, "what arrives during a turn is served if it fits") {
  options.turn_items = 3;
  open();
  push("n1", 3);
  queue->begin_turn();
  CHECK(queue->next(0ns) == "n1");
  push("u1");
  push("b1");
  CHECK(queue->next(0ns) == "u1");
  CHECK(queue->next(0ns) == "n1");
  CHECK(queue->next(0ns) == std::nullopt);
  CHECK(turn() == "n1 b1 ");
}

TEST_CASE_METHOD(fixture, "an item given back is the next of its lane") {
  for (auto item : {"n1", "n2", "n2", "n3"})
    push(item);
  queue->begin_turn();
  CHECK(queue->next(0ns) == "n1");
  CHECK(queue->next(0ns) == "n2");
  give_back("n2");
  give_back("n1");
  CHECK(turn() == "n1 n2 n3 n2 ");
}

TEST_CASE_METHOD(fixture, "draining returns everything in order of arrival") {
  for (auto item : {"b1", "n2", "c1", "n1", "u1", "c1"})
    push(item);
  queue->begin_turn();
  CHECK(queue->next(0ns) == "u1");
  CHECK(queue->next(0ns) == "n2");
  push("B1");
  give_back("n2");
  give_back("u1");
  CHECK(drain() == "u1 n2 b1 c1 n1 c1 B1 ");
  CHECK(queue->empty());
  CHECK(drain().empty());
}

TEST_CASE_METHOD(fixture, "removed items are handed over and gone") {
  for (auto item : {"b1", "n2", "c1", "n1", "c2", "n2"})
    push(item, 1, 10);
  std::string removed;
  auto count = queue->remove_if(
    [](const std::string& item) { return sender_of(item) == 2; },
    [&removed](std::string&& item) { removed += item + " "; });
  CHECK(count == 3);
  CHECK(removed == "n2 n2 c2 ");
  CHECK(queue->bytes() == 30);
  CHECK(turn() == "n1 c1 b1 ");
}

TEST_CASE_METHOD(fixture, "size, depth and bytes say what waits") {
  push("n1", 3, 100);
  push("c1", 2, 10);
  CHECK(queue->size() == 5);
  CHECK(queue->depth(lane::normal) == 3);
  CHECK(queue->depth(lane::chunk) == 2);
  CHECK(queue->depth(lane::urgent) == 0);
  CHECK(queue->bytes() == 320);
  CHECK_FALSE(queue->empty());
  turn();
  CHECK(queue->size() == 1);
  CHECK(queue->bytes() == 10);
}

TEST_CASE_METHOD(fixture,
                 "a modest sender is served soon beside a greedy one") {
  options = write_queue_options{};
  open();
  push("n1", 100'000, 100);
  push("n2", 1, 100);
  auto items = turn();
  CHECK(items.find("n2") / 3 == options.quantum);
}

TEST_CASE_METHOD(fixture, "a queue that was moved serves what it held") {
  push("n1");
  auto moved = std::move(*queue);
  *queue = std::move(moved);
  push("n1");
  push("n2");
  CHECK(turn() == "n1 n2 n1 ");
}
