#include "actors/reader/queue/deadline_queue.hpp"

#include "tests/catch.hpp"

#include <string>

using namespace onewriter;
using namespace std::chrono_literals;

namespace {

using queue = deadline_queue<std::string>;

constexpr auto never = queue::time_point::max();

// Any moment will do: the queue has no clock.
constexpr auto start = queue::time_point{1h};

std::string pop_all(queue& xs) {
  std::string result;
  while (!xs.empty())
    result += xs.pop() + ' ';
  return result;
}

std::string pop_expired(queue& xs, queue::time_point now) {
  std::string result;
  while (auto x = xs.pop_expired(now))
    result += *x + ' ';
  return result;
}

} // namespace

TEST_CASE("a deadline queue is first in, first out") {
  queue xs;
  xs.push_back("b", never);
  xs.push_back("c", start);
  xs.push_front("a", start + 1s);
  CHECK(xs.size() == 3);
  CHECK(xs.front() == "a");
  CHECK(pop_all(xs) == "a b c ");
}

TEST_CASE("what expires leaves a deadline queue from everywhere") {
  queue xs;
  xs.push_back("a", start + 3s);
  xs.push_back("b", never);
  xs.push_back("c", start + 1s);
  xs.push_back("d", start + 2s);
  CHECK(xs.next_expiry() == start + 1s);
  CHECK(pop_expired(xs, start) == "");
  CHECK(pop_expired(xs, start + 2s) == "c d ");
  CHECK(xs.next_expiry() == start + 3s);
  CHECK(pop_all(xs) == "a b ");
  CHECK(xs.next_expiry() == never);
}

TEST_CASE("what left a deadline queue does not expire any more") {
  queue xs;
  xs.push_back("a", start);
  xs.push_back("b", start);
  CHECK(xs.pop() == "a");
  CHECK(pop_expired(xs, start) == "b ");
  CHECK(xs.empty());
}
