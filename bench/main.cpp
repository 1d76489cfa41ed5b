// onewriter-bench: acknowledged, durable writes and their latency, through
// onewriter and through the usual alternatives.
#include "actors/console/stop_signal.hpp"
#include "bench/baselines/contended.hpp"
#include "bench/baselines/event_loop.hpp"
#include "bench/baselines/mutex.hpp"
#include "bench/baselines/queue.hpp"
#include "bench/baselines/raw.hpp"
#include "bench/baselines/redis/redis.hpp"
#include "bench/baselines/split.hpp"
#include "bench/commands.hpp"
#include "bench/file/private_folder.hpp"
#include "bench/onewriter/bench_config.hpp"
#include "bench/onewriter/onewriter_backends.hpp"
#include "bench/options/command_line.hpp"
#include "bench/processes/client_role.hpp"
#include "bench/processes/process_backends.hpp"
#include "bench/report/json.hpp"
#include "bench/report/results_page.hpp"
#include "bench/report/table.hpp"
#include "onewriter/compat/setup.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <iomanip>
#include <iostream>
#include <stdexcept>
#include <utility>
#include <vector>

using namespace onewriter;
using namespace onewriter::bench;

namespace {

std::vector<backend> all_backends(const std::vector<std::string>& words) {
  auto result = onewriter_backends(words);
  for (auto& x : {raw(1), raw(1'000), contended(), bench::mutex(), split(),
                  queue(), event_loop()})
    result.push_back(x);
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

void print_help(const std::string& text, const std::vector<backend>& backends) {
  std::cout << text << "\nbackends, for --only:\n";
  for (auto& x : backends)
    std::cout << "  " << std::left << std::setw(20) << x.name << x.summary
              << '\n';
}

// -- results ----------------------------------------------------------------------

void report(const command_line& what, const results& all) {
  if (what.options.json)
    std::cout << to_json(all) << '\n';
  else if (what.options.markdown)
    std::cout << markdown_of_processes(all);
  else if (what.command == command::processes)
    print_table_and_targets(std::cout, all);
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

std::vector<std::string> known_names(const command_line& what,
                                     const std::vector<backend>& backends) {
  auto result = names_of(backends);
  if (what.command == command::processes)
    for (auto& x : process_backends(what.options.passed_on))
      result.push_back(x.name);
  return result;
}

int measure_and_report(const command_line& what, const options& opts,
                       const std::vector<backend>& backends) {
  require_names(what.options.backends, known_names(what, backends));
  private_folder folder{what.options.folder, "bench"};
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
  auto found = run_command(
    {what.options, opts, backends, folder.path(), interrupted}, what);
  report(what, found);
  flush_output();
  for (auto& x : found.failures)
    complain(x);
  if (interrupted)
    return interrupted_status;
  return found.failures.empty() ? 0 : 1;
}

int run(const command_line& what) {
  bench_config cfg;
  auto opts = cfg.read(what.options.passed_on);
  // CAF has printed its options.
  if (compat::has_printed_help(cfg))
    return 0;
  auto backends = all_backends(what.options.passed_on);
  if (what.help.empty())
    return measure_and_report(what, opts, backends);
  print_help(what.help, backends);
  flush_output();
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  signal_shield shield;
  try {
    if (auto orders = parse_process_orders({argv + 1, argv + argc}))
      return run_client_role(*orders);
    return run(read_command_line({argv + 1, argv + argc}));
  } catch (const std::invalid_argument& ex) {
    complain(std::string{ex.what()}
             + "\nTry `onewriter-bench --help` for more.");
    return 2;
  } catch (const std::exception& ex) {
    complain(ex.what());
    return 1;
  }
}
