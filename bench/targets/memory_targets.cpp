#include "bench/targets/memory_targets.hpp"

#include "actors/console/format.hpp"
#include "bench/file/fresh_file.hpp"
#include "bench/load/background_load.hpp"
#include "bench/measure/measure.hpp"
#include "bench/measure/measurement.hpp"
#include "bench/measure/progress_line.hpp"
#include "bench/onewriter/bench_system.hpp"
#include "bench/workload/workloads.hpp"
#include "onewriter/client.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace onewriter::bench {

namespace {

using clock = std::chrono::steady_clock;

constexpr auto memory_subject = "onewriter";

constexpr double most_ratio = 1.1;

constexpr double most_flood_bytes = 16e6;

constexpr auto sample_interval = std::chrono::milliseconds{10};

// Machines that are too slow for all writes do not take hours.
constexpr auto patience = std::chrono::minutes{10};

// The second number of the file counts pages (proc(5)).
double resident_bytes() {
  std::ifstream from{"/proc/self/statm"};
  uint64_t all = 0;
  uint64_t resident = 0;
  from >> all >> resident;
  return from ? static_cast<double>(resident)
                  * static_cast<double>(::sysconf(_SC_PAGESIZE))
              : not_measured;
}

// What is free belongs to the system again, so that it counts when it is taken.
void give_back_memory() {
  ::malloc_trim(0);
}

bool is_trial(const bench_options& asked) {
  return asked.seconds < 0.5;
}

// -- over many writes -----------------------------------------------------------

/// Looks at the memory when there were few writes and when there were many, and
/// ends the run then.
struct memory_probe {
  uint64_t few;
  uint64_t many;
  double at_few = not_measured;
  double at_many = not_measured;

  void look(recorder& records) {
    auto writes = records.writes_so_far();
    if (writes >= few && std::isnan(at_few))
      at_few = resident_bytes();
    if (writes >= many && std::isnan(at_many)) {
      at_many = resident_bytes();
      records.stop();
    }
  }
};

finding measure_over_writes(const bench_setting& in) {
  auto what = closed_loop(64, 16);
  what.length = patience;
  what.seed = in.asked.seed;
  auto opts = in.opts;
  opts.synchronous = synchronous::normal;
  auto probe = is_trial(in.asked) ? memory_probe{20'000, 200'000}
                                  : memory_probe{100'000, 10'000'000};
  auto after = [](uint64_t writes) {
    return "after " + with_separators(writes) + " writes";
  };
  finding result;
  result.name = "64 x 16, normal: memory " + after(probe.many) + " against "
                + after(probe.few);
  give_back_memory();
  progress_line line{2, 2, result.name};
  measure(find_backend(in.backends, memory_subject), what, opts, in.folder,
          [&](recorder& records) {
            probe.look(records);
            line.show(records.writes_so_far());
            if (in.interrupted)
              records.stop();
          });
  result.figure = figure::resident_bytes;
  result.figures
    = {{after(probe.many), probe.at_many}, {after(probe.few), probe.at_few}};
  result.measured = probe.at_many / probe.at_few;
  result.is_least = false;
  result.limit = most_ratio;
  return result;
}

// -- while SQLite stands still --------------------------------------------------

transaction standstill(std::chrono::nanoseconds length) {
  transaction result;
  result.priority = priority::urgent;
  result.function = [length](session&) -> caf::expected<result_set> {
    std::this_thread::sleep_for(length);
    return result_set{};
  };
  return result;
}

scoped_database open(caf::actor_system& sys, const options& opts) {
  auto result = scoped_database::open(sys, opts);
  if (!result)
    throw std::runtime_error{onewriter::describe(result.error())};
  for (auto& sql : background_schema_sql(background_load::flood))
    if (auto done = (*result)->write(sql); !done)
      throw std::runtime_error{onewriter::describe(done.error())};
  return std::move(*result);
}

double peak_until(clock::time_point end) {
  auto result = resident_bytes();
  while (clock::now() < end) {
    std::this_thread::sleep_for(sample_interval);
    result = std::max(result, resident_bytes());
  }
  return result;
}

double peak_of_flood(caf::actor_system& sys, const database_actor& db,
                     std::chrono::nanoseconds length) {
  caf::scoped_actor self{sys};
  auto end = clock::now() + length;
  auto held = compat::request(self, db, caf::infinite, standstill(length));
  auto flood = spawn_flood(sys, db, {});
  auto result = peak_until(end);
  caf::error failure;
  std::move(held).receive([](write_receipt&) {},
                          [&](caf::error& err) { failure = std::move(err); });
  compat::anon_send(flood, end_load{});
  if (failure != caf::none)
    throw std::runtime_error{onewriter::describe(failure)};
  return result;
}

finding measure_flood(const bench_setting& in) {
  auto length = std::chrono::seconds{is_trial(in.asked) ? 1 : 10};
  finding result;
  result.name = "best-effort flood while SQLite stands still for "
                + format_seconds(length) + ": memory above idle";
  progress_line line{1, 2, result.name};
  fresh_file file{in.folder};
  bench_system system{system_setup::defaults, in.asked.passed_on};
  auto opts = in.opts;
  opts.path = file.path();
  auto db = open(system.actors(), system.database_options(opts));
  give_back_memory();
  auto idle = resident_bytes();
  auto peak = peak_of_flood(system.actors(), db.handle(), length);
  result.figure = figure::resident_bytes;
  result.figures = {{"peak", peak}, {"idle", idle}};
  result.is_ratio = false;
  result.measured = peak - idle;
  result.is_least = false;
  result.limit = most_flood_bytes;
  return result;
}

} // namespace

std::vector<finding> measure_memory(const bench_setting& in,
                                    std::vector<std::string>& failures) {
  std::vector<finding> result;
  if (!in.asked.wants(memory_subject))
    return result;
  for (auto measure_one : {measure_flood, measure_over_writes}) {
    if (in.interrupted)
      break;
    try {
      result.push_back(measure_one(in));
    } catch (const std::exception& ex) {
      failures.push_back(std::string{"memory of onewriter: "} + ex.what());
    }
  }
  return result;
}

} // namespace onewriter::bench
