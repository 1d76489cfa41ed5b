#include "actors/console/stop_signal.hpp"

#include "tests/catch.hpp"
#include "tests/sqlite/child_process.hpp"

#include <future>
#include <string>
#include <utility>

using namespace onewriter;

namespace {

/// What a process does that gets SIGHUP twice and then SIGTERM, one after the
/// other.
std::string reactions_to_a_closed_terminal() {
  signal_shield shield;
  std::string seen;
  std::promise<void> first;
  std::promise<void> second;
  stop_signal signals{{[&] {
                         seen += "first ";
                         first.set_value();
                       },
                       [&] {
                         seen += "second ";
                         second.set_value();
                       },
                       [] {
                       }}};
  kill(getpid(), SIGHUP);
  first.get_future().wait();
  kill(getpid(), SIGHUP);
  // Signals that wait are taken in the order of their numbers.
  kill(getpid(), SIGTERM);
  second.get_future().wait();
  return seen;
}

/// What a process does that gets SIGINT twice and says of the first that it was
/// no request.
std::string reactions_to_an_intercepted_signal() {
  signal_shield shield;
  std::string seen;
  std::promise<void> intercepted;
  std::promise<void> first;
  stop_signal::reactions what;
  what.first = [&] {
    seen += "first ";
    first.set_value();
  };
  what.intercept = [&](int number) {
    auto is_first = seen.empty();
    seen += number == SIGINT ? "asked " : "other ";
    if (is_first)
      intercepted.set_value();
    return is_first;
  };
  stop_signal signals{std::move(what)};
  kill(getpid(), SIGINT);
  intercepted.get_future().wait();
  kill(getpid(), SIGINT);
  first.get_future().wait();
  return seen;
}

} // namespace

TEST_CASE("a signal that is intercepted is no request to stop") {
  CHECK(test::in_child(reactions_to_an_intercepted_signal)
        == "asked asked first ");
}

TEST_CASE("a terminal that is closed counts once") {
  CHECK(test::in_child(reactions_to_a_closed_terminal) == "first second ");
}
