// onewriter-bench: acknowledged, durable writes and what their callers waited
// for, through onewriter and through what people use instead.
#include "bench/bench_config.hpp"
#include "bench/commands.hpp"
#include "bench/load/onewriter_load.hpp"
#include "bench/peers/contended.hpp"
#include "bench/peers/mutex.hpp"
#include "bench/peers/queue.hpp"
#include "bench/peers/raw.hpp"
#include "bench/peers/redis.hpp"
#include "bench/peers/split.hpp"
#include "bench/report/html.hpp"
#include "bench/report/json.hpp"
#include "bench/report/table.hpp"
#include "bench/workloads.hpp"
#include "messages/failure.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string_view>
#include <vector>

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
  std::cout << "\ncommands, instead of workloads:\n";
  print_names(command_names());
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
  else if (!all.targets.empty())
    print_targets(std::cout, all);
  else
    print_table(std::cout, all);
  if (!cfg.report.empty())
    write_page(cfg.report, all);
}

// `-s 2`, in two words.
bool has_its_value_next(std::string_view option) {
  return option.size() == 2
         && std::string_view{"-h?j"}.find(option[1]) == option.npos;
}

// CAF looks for options only in front of the first word that is none.
void move_words_back(int argc, char** argv) {
  std::vector<char*> options;
  std::vector<char*> words;
  for (int i = 1; i < argc; ++i) {
    auto is_option = argv[i][0] == '-';
    (is_option ? options : words).push_back(argv[i]);
    if (is_option && has_its_value_next(argv[i]) && i + 1 < argc)
      options.push_back(argv[++i]);
  }
  auto next = std::copy(options.begin(), options.end(), argv + 1);
  std::copy(words.begin(), words.end(), next);
}

// CAF 0.17 does not look for a question for help where there are words, too.
void forget_all_but_help(int& argc, char** argv) {
  auto end = argv + argc;
  auto help = std::find_if(argv + std::min(argc, 1), end, [](auto* x) {
    std::string_view word{x};
    return word == "-h" || word == "-?" || word == "--help"
           || word == "--long-help";
  });
  if (help == end)
    return;
  argv[1] = *help;
  argc = 2;
}

int run(bench_config& cfg) {
  auto opts = cfg.database_options();
  if (!opts) {
    std::cerr << "onewriter-bench: " << describe(opts.error()) << '\n';
    return 2;
  }
  caf::actor_system sys{cfg};
  auto arrangements = all_arrangements(sys);
  report(cfg, run_command({cfg, *opts, sys, arrangements},
                          compat::command_line_rest(cfg)));
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  bench_config cfg;
  forget_all_but_help(argc, argv);
  move_words_back(argc, argv);
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
