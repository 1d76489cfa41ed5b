#include "actors/policy/fair_queue.hpp"

#include "tests/catch.hpp"

#include <memory>
#include <string>

using namespace onewriter;

namespace {

constexpr size_t kib = 1024;

// Items are named after their sender ('a' has the number 1) and counted.
struct fixture {
  fair_queue<std::string> queue;
  int64_t arrivals = 0;

  fixture(pacing pace, size_t quantum) : queue{pace, quantum, 100} {
    // nop
  }

  void push(std::string item, size_t bytes = 0) {
    auto sender = static_cast<uint64_t>(item[0]);
    queue.push_back(sender, {arrivals++, bytes, std::move(item)});
  }

  void give_back(std::string item, size_t bytes = 0) {
    auto sender = static_cast<uint64_t>(item[0]);
    queue.push_front(sender, {--arrivals, bytes, std::move(item)});
  }

  std::string pop(size_t count = 1000) {
    std::string result;
    for (; count > 0 && queue.ready() > 0; --count)
      result += queue.pop() + " ";
    return result;
  }
};

struct by_cost : fixture {
  by_cost() : fixture{pacing::by_cost, 2} {
    // nop
  }
};

struct once_per_turn : fixture {
  once_per_turn() : fixture{pacing::once_per_turn, 2} {
    // nop
  }
};

} // namespace

TEST_CASE_METHOD(by_cost, "senders alternate after a quantum each") {
  for (auto item : {"a1", "a2", "a3", "a4", "a5", "b1", "b2", "b3", "c1"})
    push(item);
  CHECK(pop() == "a1 a2 b1 b2 c1 a3 a4 b3 a5 ");
}

TEST_CASE_METHOD(by_cost, "a large item waits until its sender can pay") {
  push("a1", 4 * kib);
  for (auto item : {"b1", "b2", "b3", "b4", "b5", "b6"})
    push(item);
  CHECK(pop() == "b1 b2 b3 b4 a1 b5 b6 ");
}

TEST_CASE_METHOD(by_cost, "senders of large and small items get equal bytes") {
  for (auto item : {"a1", "a2", "a3"})
    push(item, 3 * kib);
  for (auto item : {"b1", "b2", "b3", "b4", "b5", "b6"})
    push(item, kib);
  CHECK(pop() == "b1 a1 b2 b3 a2 b4 b5 a3 b6 ");
}

TEST_CASE_METHOD(by_cost, "a sender alone does not wait") {
  push("a1", 90 * kib);
  push("a2", 90 * kib);
  CHECK(queue.next_bytes() == 90 * kib);
  CHECK(pop() == "a1 a2 ");
}

TEST_CASE_METHOD(by_cost, "credit is not saved up while nothing waits") {
  for (auto round = 0; round < 10; ++round) {
    push("a0");
    CHECK(pop() == "a0 ");
  }
  for (auto item : {"a1", "a2", "a3", "b1"})
    push(item);
  CHECK(pop() == "a1 a2 b1 a3 ");
}

TEST_CASE_METHOD(by_cost, "an item larger than the maximum counts as that") {
  push("a1", size_t{1} << 60);
  push("b1", 50 * kib);
  push("b2", 50 * kib);
  CHECK(pop() == "b1 a1 b2 ");
}

TEST_CASE_METHOD(by_cost, "an item given back is the next one") {
  for (auto item : {"a1", "a2", "b1", "b2", "b3", "c1"})
    push(item);
  CHECK(pop(3) == "a1 a2 b1 ");
  give_back("b1");
  give_back("a2");
  CHECK(pop() == "a2 b1 b2 c1 b3 ");
}

TEST_CASE_METHOD(once_per_turn, "each sender gets one item per turn") {
  for (auto item : {"a1", "a2", "a3", "b1", "c1", "c2"})
    push(item);
  std::string turns;
  for (auto turn = 0; turn < 4; ++turn) {
    queue.begin_turn();
    turns += pop() + "| ";
  }
  CHECK(turns == "a1 b1 c1 | a2 c2 | a3 | | ");
}

TEST_CASE_METHOD(once_per_turn, "a turn goes on where the last one ended") {
  for (auto item : {"a1", "a2", "b1", "b2", "c1"})
    push(item);
  queue.begin_turn();
  CHECK(pop(1) == "a1 ");
  queue.begin_turn();
  CHECK(pop() == "b1 c1 a2 ");
}

TEST_CASE_METHOD(once_per_turn, "a sender served cannot come twice in a turn") {
  push("a1");
  queue.begin_turn();
  CHECK(pop() == "a1 ");
  push("a2");
  CHECK(queue.ready() == 0);
  CHECK(queue.size() == 1);
  queue.begin_turn();
  CHECK(pop() == "a2 ");
}

TEST_CASE_METHOD(once_per_turn, "an item given back may run in this turn") {
  for (auto item : {"a1", "a2", "b1"})
    push(item);
  queue.begin_turn();
  CHECK(pop(1) == "a1 ");
  give_back("a1");
  CHECK(pop() == "a1 b1 ");
}

TEST_CASE_METHOD(by_cost, "size and bytes follow every change") {
  push("a1", 10);
  push("b1", 20);
  CHECK(queue.bytes() == 30);
  pop(1);
  CHECK(queue.bytes() == 20);
  give_back("a1", 10);
  auto all = [](const std::string&) {
    return true;
  };
  auto ignore = [](std::string&&) {
  };
  CHECK(queue.remove_if(all, ignore) == 2);
  CHECK(queue.size() == 0);
  CHECK(queue.bytes() == 0);
}

TEST_CASE_METHOD(by_cost, "removing keeps the order of what is left") {
  for (auto item : {"a1", "ax", "a2", "bx", "c1", "cx"})
    push(item);
  std::string removed;
  auto marked = [](const std::string& item) {
    return item[1] == 'x';
  };
  auto sink = [&removed](std::string&& item) {
    removed += item + " ";
  };
  CHECK(queue.remove_if(marked, sink) == 3);
  CHECK(removed == "ax bx cx ");
  CHECK(pop() == "a1 a2 c1 ");
}

TEST_CASE("senders that come and go do not pile up") {
  flow_table<std::string> flows;
  constexpr auto senders = uint64_t{10'000};
  for (uint64_t sender = 0; sender < senders; ++sender)
    flows.move_to_back(flows.find(sender), flow_state::ready);
  auto& ready = flows.at(flow_state::ready);
  CHECK(ready.size() == senders);
  while (!ready.empty())
    flows.retire(ready.begin());
  CHECK(flows.at(flow_state::idle).size() == flows.max_idle);
  CHECK(flows.find(senders)->sender == senders);
  CHECK(flows.at(flow_state::idle).size() == flows.max_idle);
}

TEST_CASE("a flow in use is never handed to another sender") {
  fair_queue<uint64_t> queue{pacing::by_cost, 1, 1};
  queue.push_back(0, {0, 0, 42});
  for (uint64_t sender = 1; sender < 5000; ++sender) {
    queue.push_front(sender, {0, 0, sender});
    REQUIRE(queue.pop() == sender);
  }
  CHECK(queue.pop() == 42);
  CHECK(queue.size() == 0);
}

TEST_CASE("items need not be copyable") {
  fair_queue<std::unique_ptr<int>> queue{pacing::by_cost, 1, 1};
  queue.push_back(1, {0, 0, std::make_unique<int>(7)});
  CHECK(*queue.pop() == 7);
}
