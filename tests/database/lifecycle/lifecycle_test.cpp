#include "actors/database/lifecycle/lifecycle.hpp"

#include "tests/catch.hpp"

#include <string>
#include <vector>

using namespace onewriter;

namespace {

/// A database in this phase.
lifecycle in(phase which) {
  lifecycle result;
  if (which == phase::open || which == phase::restarting)
    result.change_to(phase::open);
  if (which == phase::failed)
    result.fail(make_failure(ec::corrupt, "for a test"));
  else
    result.change_to(which);
  return result;
}

/// The phases that follow `from`, separated by blanks.
std::string after(phase from) {
  std::string result;
  for (auto to : {phase::opening, phase::open, phase::restarting, phase::closed,
                  phase::failed}) {
    auto life = in(from);
    if (!life.change_to(to)) {
      CHECK(life.now() == from);
      continue;
    }
    CHECK(life.now() == to);
    result += (result.empty() ? "" : " ") + life.text();
  }
  return result;
}

} // namespace

TEST_CASE("a database changes its phase as the table says") {
  CHECK(after(phase::opening) == "open closed failed");
  CHECK(after(phase::open) == "restarting closed failed");
  CHECK(after(phase::restarting) == "open closed failed");
  CHECK(after(phase::closed).empty());
  CHECK(after(phase::failed).empty());
}

TEST_CASE("only a writer's phases let connections read") {
  CHECK_FALSE(in(phase::opening).can_read());
  CHECK(in(phase::open).can_read());
  CHECK(in(phase::restarting).can_read());
  CHECK_FALSE(in(phase::closed).can_read());
  CHECK_FALSE(in(phase::failed).can_read());
}

TEST_CASE("a database says why it accepts nothing") {
  CHECK(in(phase::opening).unavailability() == caf::none);
  CHECK(in(phase::restarting).unavailability() == caf::none);
  CHECK(in(phase::closed).unavailability() == ec::closed);
  CHECK(in(phase::failed).unavailability() == ec::corrupt);
  auto life = in(phase::open);
  life.begin_closing();
  CHECK(life.unavailability() == ec::closed);
  CHECK(life.text() == "closing");
  life.change_to(phase::closed);
  CHECK(life.text() == "closing");
  life.end_closing();
  CHECK(life.text() == "closed");
}

TEST_CASE("a database that fails is not being closed any more") {
  auto life = in(phase::open);
  life.begin_closing();
  CHECK(life.fail(make_failure(ec::io_error, "for a test")));
  CHECK_FALSE(life.is_closing());
  CHECK(life.unavailability() == ec::io_error);
  // The first reason stays.
  CHECK_FALSE(life.fail(make_failure(ec::corrupt, "for a test")));
  CHECK(life.reason() == ec::io_error);
}
