#include "actors/console/stop_signal.hpp"

#include "tests/catch.hpp"
#include "tests/sqlite/child_process.hpp"

#include <future>
#include <string>

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

} // namespace

TEST_CASE("a terminal that is closed counts once") {
  CHECK(test::in_child(reactions_to_a_closed_terminal) == "first second ");
}
