// onewriter_memory_test: makes every allocation of SQLite's fail.
//
// A brief script is run on a fresh file once per allocation, for all threads
// and for the writer's alone, with one allocation that fails, a few, or all
// from there on; what is left is compared with what callers were told. Without
// --all it is run for the first, the last and some of the allocations between.
#include "messages/failure.hpp"
#include "tests/fault/fault_config.hpp"
#include "tests/fault/faulty_memory.hpp"
#include "tests/fault/outcome_table.hpp"
#include "tests/fault/point_range.hpp"
#include "tests/fault/writer_spotter.hpp"

#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <exception>
#include <limits>

using namespace onewriter;
using namespace onewriter::test;

namespace {

constexpr uint64_t runs_by_default = 300;

constexpr auto endless = std::numeric_limits<uint64_t>::max();

/// In how many ways memory runs out.
struct shortage {
  const char* name;
  whose who;
  uint64_t length;
};

constexpr shortage shortages[] = {
  {"anybody:once", whose::anybody, 1},
  {"anybody:while", whose::anybody, 5},
  {"anybody:for_good", whose::anybody, endless},
  {"writer:once", whose::writer, 1},
  {"writer:while", whose::writer, 5},
  {"writer:for_good", whose::writer, endless},
};

class sweep {
public:
  sweep(caf::actor_system& sys, const fault_config& cfg)
    : sys_{sys},
      cfg_{cfg} {
    opts_ = options_for_trouble();
    opts_.vfs = spotter_.name();
  }

  int run() {
    for (auto& what : shortages)
      if (cfg_.only.empty())
        run_all(what);
      else
        run_only(what);
    table_.print();
    std::printf("%" PRIu64 " runs, %s, of which %" PRIu64 " failed\n",
                table_.tried(),
                cfg_.all ? "each allocation" : "a selection of allocations",
                table_.failed());
    return table_.tried() > 0 && table_.failed() == 0 ? 0 : 1;
  }

private:
  void run_all(const shortage& what) {
    try_point(what, endless);
    auto runs = cfg_.runs == 0 ? runs_by_default : cfg_.runs;
    point_range range{count_, cfg_.all ? 0 : runs / std::size(shortages)};
    for (auto reached = true; range.more(reached); range.advance())
      reached = try_point(what, range.index());
  }

  void run_only(const shortage& what) {
    auto name = std::string{what.name} + ":";
    if (cfg_.only.compare(0, name.size(), name) == 0)
      try_point(what, std::stoull(cfg_.only.substr(name.size())));
  }

  bool try_point(const shortage& what, uint64_t index) {
    trouble trouble;
    trouble.start = [&](const std::string&) {
      faulty_memory::start(what.who, index, what.length);
    };
    trouble.is_over = [] {
      return faulty_memory::failed() > 0;
    };
    trouble.stop = [&] {
      faulty_memory::stop();
      count_ = faulty_memory::count();
    };
    auto start = std::chrono::steady_clock::now();
    auto result = trial{sys_, opts_, script_length::brief}.run(trouble);
    auto failed = faulty_memory::failed();
    table_.add(what.name, result, failed > 0);
    for (auto& problem : result.problems)
      std::printf("FAILED --only=%s:%" PRIu64 ": %s\n", what.name, index,
                  problem.c_str());
    if (cfg_.verbose)
      std::printf("%s:%" PRIu64 ": %" PRIu64 " failed, %" PRIu64
                  " errors, %.1f ms\n",
                  what.name, index, failed, result.errors,
                  std::chrono::duration<double, std::milli>(
                    std::chrono::steady_clock::now() - start)
                    .count());
    std::fflush(stdout);
    return failed > 0;
  }

  caf::actor_system& sys_;
  const fault_config& cfg_;
  writer_spotter spotter_;
  options opts_;
  uint64_t count_ = 0;
  outcome_table table_;
};

} // namespace

int main(int argc, char** argv) {
  if (!faulty_memory::install()) {
    std::fprintf(stderr, "SQLite has memory of its own already\n");
    return 2;
  }
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
