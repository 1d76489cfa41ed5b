#include "app/serve/service_manager.hpp"

#include "tests/app/serve/notify_end.hpp"
#include "tests/catch.hpp"
#include "tests/sqlite/child_process.hpp"
#include "tests/temp_folder.hpp"

#include <chrono>
#include <cstdlib>
#include <string>

#include <unistd.h>

using namespace onewriter::node;
using namespace onewriter::test;
using std::chrono::microseconds;

namespace {

bool begins(const std::string& text, const std::string& part) {
  return text.compare(0, part.size(), part) == 0;
}

// The period of the watchdog that a process sees with these variables.
std::string watchdog_with(const char* period, const std::string& whom) {
  return in_child([&] {
    ::setenv("NOTIFY_SOCKET", "@nothing", 1);
    ::setenv("WATCHDOG_USEC", period, 1);
    if (!whom.empty())
      ::setenv("WATCHDOG_PID",
               whom == "me" ? std::to_string(::getpid()).c_str() : whom.c_str(),
               1);
    auto found = service_manager::from_environment().watchdog();
    return found ? std::to_string(found->count()) : std::string{"none"};
  });
}

} // namespace

TEST_CASE("a service manager is told at a path and at an abstract name") {
  temp_folder folder;
  for (auto address :
       {folder.file("notify"), "@" + folder.file("abstract notify")}) {
    CAPTURE(address);
    notify_end end{address};
    service_manager manager{address, microseconds{0}};
    CHECK(manager.is_there());
    CHECK(manager.tell(service_manager::ready("serving")).empty());
    CHECK(end.next() == "READY=1\nSTATUS=serving");
    CHECK(manager.tell(service_manager::alive).empty());
    CHECK(end.next() == "WATCHDOG=1");
    CHECK(manager.tell(service_manager::reloading()).empty());
    CHECK(begins(end.next(), "RELOADING=1\nMONOTONIC_USEC="));
    CHECK(manager.tell(service_manager::stopping(microseconds{5})).empty());
    auto last = end.next();
    CHECK(begins(last, "STOPPING=1\n"));
    CHECK(last.find("\nEXTEND_TIMEOUT_USEC=5") != last.npos);
  }
}

TEST_CASE("without a service manager nothing is told") {
  service_manager manager{"", microseconds{5}};
  CHECK_FALSE(manager.is_there());
  CHECK(manager.tell("READY=1").empty());
  CHECK_FALSE(manager.watchdog());
}

TEST_CASE("a service manager that cannot be reached is a problem to report") {
  temp_folder folder;
  auto problem_at = [](const std::string& address) {
    return service_manager{address, microseconds{0}}.tell("READY=1");
  };
  CHECK(begins(problem_at(folder.file("nothing")),
               "cannot reach the service manager: "));
  CHECK(begins(problem_at("vsock:2:1234"), "NOTIFY_SOCKET is no socket"));
  CHECK(begins(problem_at("/" + std::string(200, 'x')),
               "NOTIFY_SOCKET is no socket"));
}

TEST_CASE("a watchdog is for the process that it names") {
  CHECK(watchdog_with("250000", "") == "250000");
  CHECK(watchdog_with("250000", "me") == "250000");
  CHECK(watchdog_with("250000", "1") == "none");
  CHECK(watchdog_with("0", "") == "none");
  CHECK(watchdog_with("-5", "") == "none");
  CHECK(watchdog_with("soon", "") == "none");
}
