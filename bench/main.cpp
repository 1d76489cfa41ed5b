// onewriter-bench: acknowledged, durable writes and what their callers waited
// for, through onewriter and through what people use instead.
#include "bench/bench_config.hpp"
#include "bench/document.hpp"
#include "bench/load/onewriter_load.hpp"
#include "bench/machine.hpp"
#include "bench/peers/contended.hpp"
#include "bench/peers/mutex.hpp"
#include "bench/peers/queue.hpp"
#include "bench/peers/raw.hpp"
#include "bench/peers/redis.hpp"
#include "bench/peers/split.hpp"
#include "bench/plan.hpp"
#include "bench/report/html.hpp"
#include "bench/report/json.hpp"
#include "bench/report/table.hpp"
#include "bench/workloads.hpp"
#include "messages/failure.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <stdexcept>

using namespace onewriter;
using namespace onewriter::bench;

namespace {

std::vector<arrangement> all_arrangements(caf::actor_system& sys) {
  std::vector<arrangement> result{
    through_onewriter(sys), raw(1),  raw(1'000), contended(),
    bench::mutex(),         split(), queue(),
  };
  for (auto& x : redis_if_installed())
    result.push_back(std::move(x));
  return result;
}

void print_names(const std::vector<std::pair<std::string, std::string>>& xs) {
  for (auto& [name, summary] : xs)
    std::cout << "  " << name
              << std::string(14 - std::min<size_t>(13, name.size()), ' ')
              << summary << '\n';
}

void print_workloads() {
  std::vector<std::pair<std::string, std::string>> names;
  for (auto& x : all_workloads())
    names.emplace_back(x.name, x.summary);
  std::cout << "\nworkloads (default: writes; all: every one of them):\n";
  print_names(names);
}

std::vector<workload> chosen(const std::vector<std::string>& names) {
  auto all = all_workloads();
  if (names.empty())
    return {all.front()};
  std::vector<workload> result;
  for (auto& name : names) {
    auto found = std::find_if(all.begin(), all.end(),
                              [&](auto& x) { return x.name == name; });
    if (name == "all")
      return all;
    if (found == all.end())
      throw std::invalid_argument{"there is no workload called \"" + name
                                  + "\"; --help lists them"};
    result.push_back(*found);
  }
  return result;
}

std::vector<planned> make_plan(const bench_config& cfg,
                               const std::vector<workload>& workloads,
                               const std::vector<arrangement>& arrangements) {
  std::vector<planned> result;
  for (auto level : cfg.levels())
    for (auto& load : workloads)
      for (auto variant : load.variants)
        for (auto& how : arrangements) {
          variant.what.length = cfg.length();
          variant.what.seed = cfg.seed;
          if (cfg.wants(how.name) && how.suits(variant.what))
            result.push_back({variant.name, how.name, level, variant.what});
        }
  return result;
}

void write_page(const std::string& path, const results& all) {
  std::ofstream to{path};
  to << to_html(all);
  to.close();
  if (!to)
    throw std::runtime_error{"cannot write " + path};
}

void report(const bench_config& cfg, const results& all) {
  if (cfg.json)
    std::cout << to_json(all) << '\n';
  else
    print_table(std::cout, all);
  if (!cfg.report.empty())
    write_page(cfg.report, all);
}

int run(bench_config& cfg) {
  auto opts = cfg.database_options();
  if (!opts) {
    std::cerr << "onewriter-bench: " << describe(opts.error()) << '\n';
    return 2;
  }
  auto workloads = chosen(compat::command_line_rest(cfg));
  caf::actor_system sys{cfg};
  auto arrangements = all_arrangements(sys);
  results found;
  found.about = machine_facts(*opts, cfg.folder);
  found.all = run_plan(cfg, *opts, arrangements,
                       make_plan(cfg, workloads, arrangements));
  remove_documents(cfg.folder);
  report(cfg, found);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  bench_config cfg;
  if (auto err = cfg.parse(argc, argv); err != caf::none) {
    std::cerr << "onewriter-bench: the command line or the configuration file "
                 "is not understood; see --help\n";
    return 2;
  }
  if (compat::has_printed_help(cfg)) {
    print_workloads();
    return 0;
  }
  if (auto problem = cfg.problem(); !problem.empty()) {
    std::cerr << "onewriter-bench: " << problem << '\n';
    return 2;
  }
  try {
    return run(cfg);
  } catch (const std::invalid_argument& ex) {
    std::cerr << "onewriter-bench: " << ex.what() << '\n';
    return 2;
  } catch (const std::exception& ex) {
    std::cerr << "onewriter-bench: " << ex.what() << '\n';
    return 1;
  }
}
