#include "actors/policy/codel.hpp"

#include "tests/catch.hpp"

using namespace onewriter;
using namespace std::chrono_literals;

namespace {

struct fixture {
  codel detector{codel_options{5s, 10s}};

  static codel::time_point at(std::chrono::milliseconds x) {
    return codel::time_point{} + 1h + x;
  }

  void observe(std::chrono::milliseconds now,
               std::chrono::milliseconds waited) {
    detector.observe(at(now), waited);
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "a queue is overloaded after a slow interval") {
  CHECK_FALSE(detector.overloaded());
  for (auto now = 0s; now < 10s; now += 1s) {
    observe(now, 6s);
    CHECK_FALSE(detector.overloaded());
  }
  observe(10s, 6s);
  CHECK(detector.overloaded());
}

TEST_CASE_METHOD(fixture, "one quick item starts the interval again") {
  observe(0s, 60s);
  observe(9s, 5s);
  observe(10s, 60s);
  CHECK_FALSE(detector.overloaded());
  observe(19'999ms, 60s);
  CHECK_FALSE(detector.overloaded());
  observe(20s, 60s);
  CHECK(detector.overloaded());
}

TEST_CASE_METHOD(fixture, "overload ends with the first quick item") {
  observe(0s, 6s);
  observe(10s, 6s);
  observe(11s, 5'001ms);
  CHECK(detector.overloaded());
  observe(12s, 5s);
  CHECK_FALSE(detector.overloaded());
  observe(13s, 6s);
  CHECK_FALSE(detector.overloaded());
}

TEST_CASE_METHOD(fixture, "overload ends when the queue is empty") {
  observe(0s, 6s);
  observe(10s, 6s);
  detector.idle(at(11s));
  CHECK_FALSE(detector.overloaded());
  observe(12s, 6s);
  CHECK_FALSE(detector.overloaded());
}

TEST_CASE_METHOD(fixture, "a stall that ends within the interval is forgiven") {
  for (auto now = 0s; now < 9s; now += 1s)
    observe(now, 9s);
  detector.idle(at(9s));
  observe(10s, 6s);
  CHECK_FALSE(detector.overloaded());
}

TEST_CASE_METHOD(fixture, "a target of zero turns detection off") {
  detector = codel{codel_options{0s, 10s}};
  observe(0s, 1h);
  observe(100s, 1h);
  CHECK_FALSE(detector.overloaded());
}

TEST_CASE_METHOD(fixture, "without an interval one slow item is enough") {
  detector = codel{codel_options{5s, 0s}};
  observe(0s, 6s);
  CHECK(detector.overloaded());
}
