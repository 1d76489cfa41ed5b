// onewriter-bench: acknowledged, durable writes and their latency, through
// onewriter and through the usual alternatives.
#include "actors/console/stop_signal.hpp"
#include "bench/baselines/contended.hpp"
#include "bench/baselines/mutex.hpp"
#include "bench/baselines/queue.hpp"
#include "bench/baselines/raw.hpp"
#include "bench/baselines/redis.hpp"
#include "bench/baselines/split.hpp"
#include "bench/bench_config.hpp"
#include "bench/command_line.hpp"
#include "bench/commands.hpp"
#include "bench/load/onewriter_load.hpp"
#include "bench/private_folder.hpp"
#include "bench/report/json.hpp"
#include "bench/report/table.hpp"
#include "bench/workloads.hpp"
#include "onewriter/compat/setup.hpp"
#include "onewriter/failure.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <stdexcept>
#include <utility>
#include <vector>

using namespace onewriter;
using namespace onewriter::bench;

namespace {

std::vector<backend> all_backends(caf::actor_system& sys) {
  std::vector<backend> result{
    through_onewriter(sys), raw(1),  raw(1'000), contended(),
    bench::mutex(),         split(), queue(),
  };
  for (auto& x : redis_if_installed())
    result.push_back(std::move(x));
  return result;
}

std::vector<std::string> names_of(const std::vector<backend>& backends) {
  std::vector<std::string> result;
  for (auto& x : backends)
    result.push_back(x.name);
  return result;
}

// -- help -------------------------------------------------------------------------

using described_names = std::vector<std::pair<std::string, std::string>>;

void print_names(const char* title, const described_names& xs) {
  std::cout << '\n' << title << '\n';
  for (auto& [name, summary] : xs)
    std::cout << "  " << name
              << std::string(14 - std::min<size_t>(13, name.size()), ' ')
              << summary << '\n';
}

void print_what_there_is(const std::vector<backend>& backends) {
  described_names workloads;
  for (auto& x : all_workloads())
    workloads.emplace_back(x.name, x.summary);
  described_names ways;
  for (auto& x : backends)
    ways.emplace_back(x.name, x.summary);
  print_names("workloads (default: writes; all: every workload):", workloads);
  print_names("commands, instead of workloads:", command_names());
  print_names("backends, for --only:", ways);
  std::cout
    << "\nexit status: 0 on success, 1 if a measurement failed, 2 for bad "
       "arguments,\n130 if a signal ended the program\n";
}

// -- results ----------------------------------------------------------------------

void report(const bench_config& cfg, const results& all) {
  if (cfg.json)
    std::cout << to_json(all) << '\n';
  else if (!all.targets.empty())
    print_targets(std::cout, all);
  else
    print_table(std::cout, all);
}

void flush_output() {
  if (!std::cout.flush())
    throw std::runtime_error{"cannot write to standard output"};
}

void complain(const std::string& what) {
  std::cerr << "onewriter-bench: " << what << std::endl;
}

// -- the program --------------------------------------------------------------------

constexpr auto interrupted_status = 130;

void require_names(const std::vector<std::string>& wanted,
                   const std::vector<std::string>& known) {
  for (auto& name : wanted)
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      std::string list;
      for (auto& x : known)
        list += (list.empty() ? "" : ", ") + x;
      throw std::invalid_argument{"--only: unknown backend \"" + name
                                  + "\"; there are " + list};
    }
}

int measure_and_report(const bench_config& cfg, const options& opts,
                       caf::actor_system& sys,
                       const std::vector<backend>& backends) {
  require_names(cfg.wanted(), names_of(backends));
  private_folder folder{cfg.folder, "bench"};
  std::atomic<bool> interrupted{false};
  stop_signal signals{{[&] {
                         interrupted = true;
                         complain("interrupted; a second signal exits at once");
                       },
                       [&] {
                         folder.remove();
                         ::_exit(interrupted_status);
                       },
                       [] {
                       }}};
  auto found
    = run_command({cfg, opts, sys, backends, folder.path(), interrupted},
                  compat::command_line_rest(cfg));
  report(cfg, found);
  flush_output();
  for (auto& x : found.failures)
    complain(x);
  if (interrupted)
    return interrupted_status;
  return found.failures.empty() ? 0 : 1;
}

int run(bench_config& cfg) {
  auto opts = cfg.database_options();
  if (!opts) {
    complain(describe(opts.error()));
    return 2;
  }
  caf::actor_system sys{cfg};
  auto backends = all_backends(sys);
  if (!compat::has_printed_help(cfg))
    return measure_and_report(cfg, *opts, sys, backends);
  print_what_there_is(backends);
  flush_output();
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  signal_shield shield;
  bench_config cfg;
  command_line words{argc, argv};
  if (!words.problem().empty()) {
    complain(words.problem());
    return 2;
  }
  cfg.passed_on = words.group_options();
  if (auto err = cfg.parse(words.argc(), words.argv()); err != caf::none) {
    complain("cannot parse the command line or the configuration file: "
             + to_string(err) + "; see --help");
    return 2;
  }
  if (auto problem = cfg.problem(); !problem.empty()) {
    complain(problem);
    return 2;
  }
  try {
    return run(cfg);
  } catch (const std::invalid_argument& ex) {
    complain(ex.what());
    return 2;
  } catch (const std::exception& ex) {
    complain(ex.what());
    return 1;
  }
}
