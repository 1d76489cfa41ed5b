#include "actors/reader/pool_end.hpp"

#include "onewriter/failure.hpp"
#include "tests/catch.hpp"

#include <string>

using namespace onewriter;

namespace {

using step = pool_end::step;

constexpr pool_end::parts nothing_left{};

caf::error because(const char* message) {
  return make_failure(ec::io_error, message);
}

std::string message_in(const caf::error& x) {
  return x == caf::none ? "" : failure_of(x).message;
}

} // namespace

TEST_CASE("the end of a pool takes one step after the other") {
  pool_end xs;
  CHECK(xs.next(nothing_left) == step::wait);
  CHECK_FALSE(xs.has_begun());
  CHECK(xs.ask({}, because("late"), true));
  CHECK(xs.has_begun());
  CHECK(xs.is_draining());
  CHECK(xs.next({true, true, true}) == step::wait);
  CHECK(xs.next({false, true, true}) == step::stop_readers);
  CHECK(xs.is_stopping_readers());
  CHECK(xs.next({false, true, true}) == step::wait);
  CHECK(xs.next({false, false, true}) == step::wait);
  CHECK(xs.next(nothing_left) == step::quit);
}

TEST_CASE("a second request to end only stops the draining") {
  pool_end xs;
  CHECK(xs.ask(because("a"), because("b"), true));
  CHECK_FALSE(xs.ask(because("c"), because("d"), true));
  CHECK(xs.is_draining());
  CHECK_FALSE(xs.ask(because("e"), because("f"), false));
  CHECK_FALSE(xs.is_draining());
  CHECK_FALSE(xs.ask({}, {}, true));
  CHECK_FALSE(xs.is_draining());
  CHECK(message_in(xs.reason()) == "a");
  CHECK(message_in(xs.refusal()) == "b");
}

TEST_CASE("the database is told of an end without a request") {
  pool_end xs;
  CHECK(xs.fail(because("the disk")));
  CHECK_FALSE(xs.is_draining());
  CHECK(message_in(xs.reason()) == "the disk");
  CHECK(message_in(xs.refusal()) == "the disk");
  // Its supervisor has ended by itself.
  CHECK(xs.next({false, false, true}) == step::wait);
  CHECK(xs.next(nothing_left) == step::hand_over);
  CHECK(xs.next(nothing_left) == step::wait);
  xs.end_handover();
  CHECK(xs.next(nothing_left) == step::quit);
}

TEST_CASE("a failure while a pool ends changes only what is refused") {
  pool_end xs;
  CHECK(xs.ask(because("a"), because("b"), true));
  CHECK_FALSE(xs.fail(because("the disk")));
  CHECK_FALSE(xs.is_draining());
  CHECK(message_in(xs.reason()) == "a");
  CHECK(message_in(xs.refusal()) == "the disk");
  // The database waits for the end and needs no further message.
  CHECK(xs.next(nothing_left) == step::quit);
}

TEST_CASE("a pool that has failed and is stopped does not wait for the "
          "database") {
  pool_end xs;
  CHECK(xs.fail(because("the disk")));
  CHECK(xs.next({false, true, false}) == step::stop_readers);
  xs.end_handover();
  CHECK_FALSE(xs.ask(because("a"), because("b"), false));
  CHECK(xs.next(nothing_left) == step::quit);
}
