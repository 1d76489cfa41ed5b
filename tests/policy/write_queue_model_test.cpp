// Random operations on a write_queue beside a model of it: a plain queue per
// lane and sender.

#include "actors/policy/write_queue.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <utility>

using namespace onewriter;
using namespace std::chrono_literals;

namespace {

struct ticket {
  lane which = lane::urgent;
  uint64_t sender = 0;
  size_t bytes = 0;
  uint64_t number = 0;
  // Place in the order of arrival.
  int64_t arrival = 0;
};

// What is known about the present turn.
struct turn_record {
  size_t items = 0;
  size_t bytes = 0;
  std::chrono::nanoseconds elapsed{0};
  std::set<lane> lanes;
  std::set<uint64_t> jobs;
};

write_queue_options small_turns() {
  write_queue_options result;
  result.turn_items = 40;
  result.turn_bytes = 40'000;
  result.turn_time = 1ms;
  result.contended_items = 15;
  result.calm_turns = 2;
  return result;
}

class model {
public:
  explicit model(uint64_t seed) : random_{seed}, queue_{small_turns()} {
    // nop
  }

  void run(size_t turns) {
    for (; turns > 0; --turns) {
      for (auto count = below(60); count > 0; --count)
        push();
      if (below(4) == 0)
        cancel();
      if (below(50) == 0)
        drain();
      turn();
    }
    drain();
    CHECK(served_ + removed_ == pushed_);
    CHECK(served_ > removed_);
  }

private:
  // -- operations -------------------------------------------------------------

  // The lower the number of a sender, the more it sends; few items are large.
  void push() {
    ticket x;
    x.which = lanes[below(lane_count)];
    x.sender = below(1 + below(6));
    x.bytes = below(600) * (below(50) == 0 ? 100 : 1);
    x.number = ++pushed_;
    x.arrival = ++last_arrival_;
    flow_of(x).push_back(x);
    queue_.push(x.which, x.sender, x.bytes, x);
  }

  void cancel() {
    auto chosen = [digit = below(20)](const ticket& x) {
      return x.number % 20 == digit;
    };
    queue_.remove_if(chosen, [&](ticket&& x) {
      auto& flow = flow_of(x);
      auto expected = std::find_if(flow.begin(), flow.end(), chosen);
      REQUIRE(expected != flow.end());
      REQUIRE(expected->number == x.number);
      flow.erase(expected);
      ++removed_;
    });
    for (auto& flow : flows_)
      REQUIRE(std::none_of(flow.second.begin(), flow.second.end(), chosen));
  }

  void drain() {
    auto last = first_arrival_ - 1;
    queue_.drain([&](ticket&& x) {
      REQUIRE(x.arrival > last);
      last = x.arrival;
      leave(x);
      ++removed_;
    });
    REQUIRE(queue_.empty());
    check_sizes();
  }

  void turn() {
    auto waiting = waiting_lanes();
    queue_.begin_turn();
    now_ = turn_record{};
    while (auto x = queue_.next(now_.elapsed)) {
      serve(*x);
      if (below(100) == 0)
        give_back(*x);
      if (below(8) == 0)
        push();
      now_.elapsed += std::chrono::nanoseconds{below(50'000)};
    }
    // No lane starves.
    for (auto which : waiting)
      REQUIRE(now_.lanes.count(which) == 1);
    check_sizes();
  }

  void give_back(ticket x) {
    --served_;
    now_.jobs.erase(x.sender);
    x.arrival = --first_arrival_;
    flow_of(x).push_front(x);
    queue_.push_front(x.which, x.sender, x.bytes, x);
  }

  // -- what must hold ---------------------------------------------------------

  // The first item of a lane is promised, all other items must fit.
  void serve(const ticket& x) {
    leave(x);
    ++served_;
    now_.items += 1;
    now_.bytes += x.bytes;
    REQUIRE(now_.items <= small_turns().turn_items);
    if (!now_.lanes.insert(x.which).second) {
      REQUIRE(now_.bytes <= small_turns().turn_bytes);
      REQUIRE(now_.elapsed < small_turns().turn_time);
    }
    if (x.which == lane::chunk)
      REQUIRE(now_.jobs.insert(x.sender).second);
  }

  // First in, first out per lane and sender, and nothing comes twice.
  void leave(const ticket& x) {
    auto& flow = flow_of(x);
    REQUIRE_FALSE(flow.empty());
    REQUIRE(flow.front().number == x.number);
    flow.pop_front();
  }

  void check_sizes() {
    size_t items = 0;
    size_t bytes = 0;
    for (auto& flow : flows_)
      for (auto& x : flow.second) {
        items += 1;
        bytes += x.bytes;
      }
    REQUIRE(queue_.size() == items);
    REQUIRE(queue_.bytes() == bytes);
  }

  // -- helpers ----------------------------------------------------------------

  uint64_t below(uint64_t bound) {
    return random_() % bound;
  }

  std::deque<ticket>& flow_of(const ticket& x) {
    return flows_[{x.which, x.sender}];
  }

  std::set<lane> waiting_lanes() {
    std::set<lane> result;
    for (auto& flow : flows_)
      if (!flow.second.empty())
        result.insert(flow.first.first);
    return result;
  }

  std::mt19937_64 random_;
  write_queue<ticket> queue_;
  std::map<std::pair<lane, uint64_t>, std::deque<ticket>> flows_;
  turn_record now_;
  int64_t first_arrival_ = 0;
  int64_t last_arrival_ = 0;
  uint64_t pushed_ = 0;
  uint64_t served_ = 0;
  uint64_t removed_ = 0;
};

// What is served before one small item of a sender that has nothing else, in
// cost units, while `greedy` senders have a backlog of items of up to 20 units.
size_t wait_of_modest_sender(std::mt19937_64& random, uint64_t greedy) {
  constexpr uint64_t modest = 1'000;
  write_queue<uint64_t> queue;
  auto bytes = [&random] {
    return (random() % 20) << 10;
  };
  for (size_t item = 0; item < greedy * 100; ++item) {
    auto size = bytes();
    queue.push(lane::normal, random() % greedy, size, size);
  }
  queue.begin_turn();
  for (auto served = random() % (greedy * 30); served > 0; --served)
    queue.next(0ns);
  queue.push(lane::normal, modest, 0, modest);
  size_t result = 0;
  for (auto size = queue.next(0ns); size != modest; size = queue.next(0ns))
    result += cost_units(size.value());
  return result;
}

} // namespace

TEST_CASE("a queue under random load loses nothing and starves no sender") {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    INFO("seed " << seed);
    model{seed}.run(400);
  }
}

TEST_CASE("a modest sender waits for one quantum and one item of each other") {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    INFO("seed " << seed);
    std::mt19937_64 random{seed};
    auto greedy = 1 + random() % 20;
    auto bound = greedy * (write_queue_options{}.quantum + 20);
    CHECK(wait_of_modest_sender(random, greedy) <= bound);
  }
}
