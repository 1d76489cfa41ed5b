// onewriter_fault_test: makes every operation of SQLite's on its files fail.
//
// A script is run on a fresh file once per operation, kind of fault and
// duration, and the file is then compared with the replies to callers. Without
// --all it is run for the first, the last and some of the operations between,
// and says which.
#include "onewriter/compat/setup.hpp"
#include "onewriter/failure.hpp"
#include "tests/fault/fault_config.hpp"
#include "tests/fault/inject/faulty_disk.hpp"
#include "tests/fault/inject/point_range.hpp"
#include "tests/fault/outcome_table.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <iterator>
#include <map>
#include <string>

using namespace onewriter;
using namespace onewriter::test;

namespace {

constexpr uint64_t runs_by_default = 400;

constexpr strain strains[]
  = {{false, false}, {true, false}, {false, true}, {true, true}};

std::string to_string(strain x) {
  if (x.tiny)
    return x.pinned ? "tiny resources, pinned log" : "tiny resources";
  return x.pinned ? "pinned log" : "ordinary";
}

using clock_type = std::chrono::steady_clock;

class sweep {
public:
  sweep(caf::actor_system& sys, const fault_config& cfg)
    : sys_{sys},
      cfg_{cfg} {
    opts_ = options_for_trouble();
    opts_.vfs = disk_.name();
  }

  int run() {
    if (!cfg_.only.empty())
      return run_only();
    for (size_t i = 0; i < std::size(strains); ++i) {
      try_point(std::nullopt, strains[i], "no fault");
      expected_[i] = counts_;
    }
    size_t number = 0;
    for (size_t what = 0; what < io_count; ++what)
      for (auto how : faults_of(static_cast<io>(what)))
        for (size_t i = 0; i < duration_count; ++i)
          run_strains(
            {static_cast<io>(what), how, static_cast<duration>(i), 0, {}},
            number++);
    return finish();
  }

private:
  // One strain after the other; all of them where each point is tried. Two
  // kinds of fault that follow each other differ in their durations' strains.
  void run_strains(fault_point point, size_t number) {
    for (size_t i = 0; i < std::size(strains); ++i)
      if (cfg_.all || i == (number + number / duration_count) % 4)
        run_all(point, i);
  }

  int run_only() {
    auto point = point_from(cfg_.only);
    if (!point) {
      std::fprintf(stderr, "--only: no such point; see the failing runs\n");
      return 2;
    }
    try_point(point, point->under, to_string(*point));
    return finish();
  }

  void run_all(fault_point point, size_t which) {
    point.under = strains[which];
    auto count = expected_[which][static_cast<size_t>(point.what)];
    point_range range{count, runs_per_fault()};
    auto name = std::string{to_string(point.what)} + " " + to_string(point.how)
                + " " + to_string(point.how_long);
    auto reached = true;
    for (; range.more(reached); range.advance()) {
      point.index = range.index();
      reached = try_point(point, point.under, name);
    }
  }

  // Kinds, faults and durations get an equal share; many need less.
  uint64_t runs_per_fault() const {
    uint64_t combinations = 0;
    for (size_t what = 0; what < io_count; ++what)
      combinations += faults_of(static_cast<io>(what)).size() * duration_count;
    auto runs = cfg_.runs == 0 ? runs_by_default : cfg_.runs;
    return cfg_.all ? 0 : std::max<uint64_t>(runs / combinations, 4);
  }

  bool try_point(std::optional<fault_point> point, strain under,
                 const std::string& name) {
    trouble what;
    what.start = [&](const std::string& folder) {
      disk_.start(folder, point);
    };
    what.is_over = [&] {
      return disk_.failed() > 0 && point->how_long != duration::to_the_end;
    };
    uint64_t failed = 0;
    what.stop = [&] {
      failed = disk_.failed();
      counts_ = disk_.counts();
      disk_.stop();
    };
    auto start = clock_type::now();
    // With tiny resources half of it takes as long, and spills enough.
    auto length = under.tiny ? script_length::brief : script_length::full;
    auto result = trial{sys_, opts_, length, under}.run(what);
    runs_[to_string(under)] += 1;
    table_.add(name, result, failed > 0);
    auto label = point ? to_string(*point) : name;
    for (auto& problem : result.problems)
      std::printf("FAILED --only=%s: %s\n", label.c_str(), problem.c_str());
    if (cfg_.verbose)
      print(label, result, failed, clock_type::now() - start);
    std::fflush(stdout);
    return failed > 0;
  }

  static void print(const std::string& label, const trial_result& x,
                    uint64_t failed, clock_type::duration took) {
    auto ms = std::chrono::duration<double, std::milli>{took}.count();
    std::printf("%-36s %3lu failed, %2lu errors, %3lu restarts%s%s, %.1f ms\n",
                label.c_str(), static_cast<unsigned long>(failed),
                static_cast<unsigned long>(x.errors),
                static_cast<unsigned long>(x.restarts),
                x.unopened ? ", unopened" : "", x.gave_up ? ", gave up" : "",
                ms);
  }

  int finish() {
    std::printf("\n");
    table_.print();
    for (auto& [name, count] : runs_)
      std::printf("%s: %lu runs\n", name.c_str(),
                  static_cast<unsigned long>(count));
    for (size_t i = 0; i < io_count; ++i)
      std::printf("%s%s %lu", i == 0 ? "operations without a fault: " : ", ",
                  to_string(static_cast<io>(i)),
                  static_cast<unsigned long>(expected_[0][i]));
    std::printf("\n%lu runs, %s, of which %lu failed\n",
                static_cast<unsigned long>(table_.tried()),
                cfg_.all ? "each operation" : "a selection of operations",
                static_cast<unsigned long>(table_.failed()));
    return table_.failed() == 0 ? 0 : 1;
  }

  caf::actor_system& sys_;
  const fault_config& cfg_;
  faulty_disk disk_;
  options opts_;
  io_counts counts_{};
  std::array<io_counts, std::size(strains)> expected_{};
  std::map<std::string, uint64_t> runs_;
  outcome_table table_;
};

} // namespace

int main(int argc, char** argv) {
  fault_config cfg;
  if (auto err = cfg.parse(argc, argv); err != caf::none) {
    std::fprintf(stderr, "the command line is not understood; see --help\n");
    return 2;
  }
  if (compat::has_printed_help(cfg))
    return 0;
  try {
    caf::actor_system sys{cfg};
    return sweep{sys, cfg}.run();
  } catch (const std::exception& ex) {
    std::fprintf(stderr, "%s\n", ex.what());
    return 1;
  }
}
