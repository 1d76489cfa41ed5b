// onewriter-bench: acknowledged rows per second, beside SQLite alone.
//
// One workload: every request appends one row with 100 bytes of text to a
// table. It is measured
//   raw 1        one thread, one row per transaction: what a commit costs;
//   raw 1000     one thread, 1,000 rows per transaction: SQLite's own limit;
//   C x O        C client actors with O requests each on their way, through a
//                onewriter database, counting rows whose receipt has come.
// Rounds alternate between all of them, each on a fresh file; the median
// counts. After each round the file must hold exactly the acknowledged rows.
// Not measured: reads, large rows, several tables, checkpoints at the end.
#include "actors/client.hpp"
#include "actors/config.hpp"
#include "actors/policy/histogram.hpp"

#include "bench/load.hpp"
#include "bench/raw.hpp"
#include "bench/report.hpp"

#include <filesystem>
#include <iostream>

using namespace onewriter;
using namespace onewriter::bench;

namespace {

class bench_config : public config {
public:
  bench_config() {
    set(compat::aggressive_poll_key, 10'000);
    opt_group{custom_options_, "global"}
      .add(seconds, "seconds,s", "length of each measurement; default 1")
      .add(rounds, "rounds,r",
           "repetitions, of which the median counts; "
           "default 3")
      .add(folder, "folder,f",
           "where the files are; default: the current "
           "folder");
  }

  double seconds = 1;
  uint32_t rounds = 3;
  std::string folder = ".";
};

/// What is measured, and what came out, once per round.
struct series {
  std::string name;
  std::function<measurement(const options&)> run;
  std::vector<measurement> results;
};

std::vector<series> make_series(caf::actor_system& sys,
                                std::chrono::nanoseconds length) {
  std::vector<series> result;
  for (size_t rows : {1, 1'000})
    result.push_back(
      {"raw " + std::to_string(rows),
       [=](const options& opts) { return run_raw(opts, rows, length); },
       {}});
  constexpr std::pair<size_t, size_t> loads[]
    = {{1, 1}, {8, 1}, {64, 1}, {64, 16}};
  for (auto [clients, outstanding] : loads)
    result.push_back(
      {std::to_string(clients) + " x " + std::to_string(outstanding),
       [=, &sys, clients = clients,
        outstanding = outstanding](const options& opts) {
         return run_load(sys, opts, clients, outstanding, length);
       },
       {}});
  return result;
}

void measure(caf::actor_system& sys, const bench_config& cfg, options opts,
             enum synchronous level) {
  auto length = std::chrono::duration_cast<std::chrono::nanoseconds>(
    std::chrono::duration<double>{cfg.seconds});
  auto all = make_series(sys, length);
  opts.synchronous = level;
  for (uint32_t round = 1; round <= cfg.rounds; ++round)
    for (auto& x : all) {
      std::cerr << "\rsynchronous=" << to_string(level) << ", round " << round
                << " of " << cfg.rounds << ": " << x.name << "        "
                << std::flush;
      fresh_file file{cfg.folder};
      opts.path = file.path();
      x.results.push_back(x.run(opts));
    }
  std::cerr << "\r" << std::string(60, ' ') << "\r" << std::flush;
  std::vector<result_line> lines;
  for (auto& x : all)
    lines.push_back(median_line(x.name, x.results));
  print_table(level, lines);
}

int run(bench_config& cfg) {
  cfg.database.path = "set for each round";
  cfg.database.log = nullptr;
  auto opts = cfg.database_options();
  if (!opts) {
    std::cerr << describe(opts.error()) << '\n';
    return 2;
  }
  caf::actor_system sys{cfg};
  print_machine();
  measure(sys, cfg, *opts, synchronous::full);
  measure(sys, cfg, *opts, synchronous::normal);
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
  if (compat::has_printed_help(cfg))
    return 0;
  if (cfg.seconds <= 0 || cfg.rounds < 1) {
    std::cerr << "onewriter-bench: seconds and rounds must be positive\n";
    return 2;
  }
  try {
    return run(cfg);
  } catch (const std::exception& ex) {
    std::cerr << "onewriter-bench: " << ex.what() << '\n';
    return 1;
  }
}
