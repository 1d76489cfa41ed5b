#include "tests/crash/kill_plan.hpp"
#include "tests/crash/process/writer_process.hpp"
#include "tests/crash/runs.hpp"

#include <algorithm>
#include <filesystem>
#include <thread>

#include <signal.h>

namespace onewriter::test {

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

// How long anything may take that has to come, on a busy machine.
constexpr auto patience = 60s;

// What a stop may take beyond its limit to cut short what is still going on,
// to copy the log into the file and to end, on a busy machine.
constexpr auto allowance = 5s;

class stop_run {
public:
  explicit stop_run(const run_setting& setting) : setting_{setting} {
    report_.name = "stops";
  }

  run_report run(size_t stops) {
    for (auto& order : make_stop_plan(setting_.seed, stops))
      start_and_stop(order);
    report_.outcome = verify(setting_.folder, demand::everything_answered);
    return std::move(report_);
  }

private:
  void start_and_stop(const stop_order& order) {
    writer_orders orders;
    orders.folder = setting_.folder;
    orders.outstanding = order.outstanding;
    orders.limit_ms = static_cast<uint32_t>(order.limit.count());
    writer_process process{orders, setting_.words};
    auto enough = [&](const run_record& x) {
      return x.opened && x.receipts >= order.receipts;
    };
    if (!process.listen_until(enough, patience))
      trouble("a process did not get to work");
    std::this_thread::sleep_for(order.delay);
    auto start = steady_clock::now();
    process.signal(SIGTERM);
    auto status = process.wait(patience);
    auto length = std::chrono::ceil<std::chrono::milliseconds>(
      steady_clock::now() - start);
    if (status != 0)
      trouble("a stop ended with status " + std::to_string(status));
    if (length > order.limit + allowance)
      trouble("a stop took " + std::to_string(length.count()) + " ms of "
              + std::to_string(order.limit.count()));
    report_.longest_stop = std::max(report_.longest_stop, length);
    note(process.record());
    look_for_remains();
  }

  void note(const run_record& x) {
    ++report_.stopped;
    report_.stopped_undrained += x.refused > 0 ? 1 : 0;
    if (!x.stopped)
      trouble("a process was not closed in order");
    if (x.drained != (x.refused == 0))
      trouble("a receipt says drained, and that requests were refused");
    for (auto& line : x.troubles)
      trouble(line);
  }

  void look_for_remains() {
    for (auto suffix : {"-wal", "-shm", "-journal", "-owner"})
      if (std::filesystem::exists(setting_.folder + "/test.db" + suffix))
        trouble(std::string{"a stop left the file test.db"} + suffix);
  }

  void trouble(std::string what) {
    report_.troubles.push_back(std::move(what));
  }

  run_setting setting_;
  run_report report_;
};

} // namespace

run_report run_stops(const run_setting& setting, size_t stops) {
  return stop_run{setting}.run(stops);
}

} // namespace onewriter::test
