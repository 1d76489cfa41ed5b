// onewriter_power_test: cuts the power under a database repeatedly.
//
// Senders write numbered rows, a document is indexed, checkpoints reset the
// log, the file is closed and opened again, and the disk notes what is synced
// and what is not. Then the power is cut somewhere, what is left is drawn from
// a seed, and a new system opens it: with synchronous=full nothing that was
// acknowledged may be missing, with synchronous=normal only the last
// commits, and every write that is there is there as a whole and once.
#include "onewriter/compat/setup.hpp"
#include "onewriter/config.hpp"
#include "tests/power/history.hpp"

#include <iostream>
#include <random>

using namespace onewriter;
using namespace onewriter::test;

namespace {

class power_config : public config {
public:
  power_config() {
    opt_group{custom_options_, "global"}
      .add(cuts, "cuts,c", "how many power cuts are tried; default 1000")
      .add(seed, "seed,s", "repeats a run; default: another one each time")
      .add(only, "only,o", "number of the only cut that is looked at")
      .add(lying, "lying-disk,l",
           "a disk that does not sync logs: succeeds if that is noticed");
  }

  uint64_t cuts = 1'000;
  uint64_t seed = 0;
  uint64_t only = 0;
  bool lying = false;
};

// Tries cuts number `first` to `last` with one level of `synchronous`.
power_counts try_cuts(harness& lab, enum synchronous level, uint64_t first,
                      uint64_t last) {
  power_counts result;
  result.level = level;
  while (first <= last) {
    auto end = std::min(first + runs_per_history * cuts_per_run - 1, last);
    if (lab.only == 0 || (first <= lab.only && lab.only <= end))
      run_history(lab, first, end, result);
    first = end + 1;
  }
  return result;
}

int report(const power_config& cfg, const std::vector<power_counts>& counts) {
  print_table(std::cout, counts);
  uint64_t failed = 0;
  for (auto& x : counts)
    failed += x.failed_cuts;
  if (!cfg.lying)
    return failed == 0 ? 0 : 1;
  // With NORMAL, such a disk may leave the database inconsistent as well.
  auto noticed = counts.front().lost > 0 && counts.front().failed_cuts > 0;
  std::cout << "the lying disk was " << (noticed ? "" : "not ") << "noticed\n";
  return noticed ? 0 : 1;
}

int run(power_config& cfg) {
  if (cfg.seed == 0)
    cfg.seed = std::random_device{}();
  std::cout << "seed " << cfg.seed << std::endl;
  caf::actor_system sys{cfg};
  harness lab{sys, std::cerr};
  lab.seed = cfg.seed;
  lab.only = cfg.only;
  lab.keeps_remains = !cfg.lying;
  if (cfg.lying)
    lab.disk.lie_about_logs();
  // Seven of ten with the default.
  auto full = cfg.cuts - cfg.cuts * 3 / 10;
  return report(cfg, {try_cuts(lab, synchronous::full, 1, full),
                      try_cuts(lab, synchronous::normal, full + 1, cfg.cuts)});
}

} // namespace

int main(int argc, char** argv) {
  power_config cfg;
  if (auto err = cfg.parse(argc, argv); err != caf::none) {
    std::cerr << "onewriter_power_test: the command line is not understood; "
                 "see --help\n";
    return 2;
  }
  if (compat::has_printed_help(cfg))
    return 0;
  if (cfg.cuts == 0 || cfg.only > cfg.cuts) {
    std::cerr << "onewriter_power_test: there must be cuts, and the only one "
                 "must be one of them\n";
    return 2;
  }
  try {
    return run(cfg);
  } catch (const std::exception& ex) {
    std::cerr << "onewriter_power_test: " << ex.what() << '\n';
    return 1;
  }
}
