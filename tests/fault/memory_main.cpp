// onewriter_memory_test: makes every allocation of SQLite's fail, and those of
// the library itself.
//
// A brief script is run on a fresh file once per allocation, for all threads
// and for the writer's alone, with one allocation that fails, a few, or all
// from there on; the file is then compared with the replies to callers. Without
// --all it is run for the first, the last and some of the allocations between.
//
// The library's own are those that a function of its calls for, directly or
// within CAF and the standard library. CAF's own, between two messages, do not
// fail: CAF does not go on after that.
#include "onewriter/compat/errors.hpp"
#include "onewriter/compat/setup.hpp"
#include "onewriter/failure.hpp"
#include "tests/fault/fault_config.hpp"
#include "tests/fault/inject/faulty_memory.hpp"
#include "tests/fault/inject/faulty_new.hpp"
#include "tests/fault/inject/point_range.hpp"
#include "tests/fault/inject/writer_spotter.hpp"
#include "tests/fault/outcome_table.hpp"

#include <unistd.h>

#include <chrono>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace onewriter;
using namespace onewriter::test;

namespace {

constexpr uint64_t runs_by_default = 360;

constexpr auto endless = std::numeric_limits<uint64_t>::max();

/// One way in which memory runs out.
struct shortage {
  std::string name;
  /// Lets it run out from an allocation on.
  std::function<void(uint64_t index)> start;
  void (*stop)();
  uint64_t (*failed)();
  uint64_t (*count)();
  /// Where it ran out, for people.
  std::string (*place)();
};

shortage of_sqlite(std::string name, whose who, uint64_t count) {
  return {std::move(name),
          [=](uint64_t index) { faulty_memory::start(who, index, count); },
          faulty_memory::stop,
          faulty_memory::failed,
          faulty_memory::count,
          [] {
            return std::string{};
          }};
}

shortage of_library(std::string name, thread_role who, uint64_t count) {
  return {std::move(name),
          [=](uint64_t index) { faulty_new::start(who, index, count); },
          faulty_new::stop,
          faulty_new::failed,
          faulty_new::count,
          faulty_new::place};
}

std::vector<shortage> all_shortages() {
  std::vector<shortage> result{
    of_sqlite("any_thread:once", whose::any_thread, 1),
    of_sqlite("any_thread:while", whose::any_thread, 5),
    of_sqlite("any_thread:for_good", whose::any_thread, endless),
    of_sqlite("writer:once", whose::writer, 1),
    of_sqlite("writer:while", whose::writer, 5),
    of_sqlite("writer:for_good", whose::writer, endless),
  };
  // CAF 1.x answers for a promise that an exception destroys, and what it needs
  // for that may be missing, too.
  if constexpr (!compat::answers_broken_promises) {
    result.push_back(of_library("cpp_writer:once", thread_role::writer, 1));
    result.push_back(of_library("cpp_writer:while", thread_role::writer, 5));
    result.push_back(of_library("cpp_reader:once", thread_role::reader, 1));
    result.push_back(of_library("cpp_reader:while", thread_role::reader, 5));
    result.push_back(of_library("cpp_others:once", thread_role::shared, 1));
  }
  return result;
}

// Of the trial that is going on.
std::string current_point;

[[noreturn]] void abort_with_point(const char* what) {
  std::fprintf(stderr, "%s in --only=%s, memory ran out in %s\n", what,
               current_point.c_str(), faulty_new::place().c_str());
  std::abort();
}

// A run takes less than a second, and some 15 where everything has to be tried
// until it is given up.
constexpr unsigned most_seconds = 20;

class sweep {
public:
  sweep(caf::actor_system& sys, const fault_config& cfg)
    : sys_{sys},
      cfg_{cfg} {
    opts_ = options_for_trouble();
    // The role of a thread is the same from the start to the end.
    opts_.thread = writer_thread::detached;
    opts_.vfs = spotter_.name();
  }

  int run() {
    for (auto& what : shortages_)
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
    point_range range{count_, cfg_.all ? 0 : runs / shortages_.size()};
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
      what.start(index);
    };
    trouble.is_over = [&] {
      return what.failed() > 0;
    };
    trouble.stop = [&] {
      what.stop();
      count_ = what.count();
    };
    current_point = what.name + ":" + std::to_string(index);
    alarm(most_seconds);
    auto start = std::chrono::steady_clock::now();
    auto result = trial{sys_, opts_, script_length::brief}.run(trouble);
    alarm(0);
    auto failed = what.failed();
    table_.add(what.name, result, failed > 0);
    for (auto& problem : result.problems)
      std::printf("FAILED --only=%s: %s\n", current_point.c_str(),
                  problem.c_str());
    if (!result.problems.empty() && failed > 0)
      std::printf("  memory ran out in %s\n", what.place().c_str());
    if (cfg_.verbose)
      std::printf("%s: %" PRIu64 " of %" PRIu64 " failed, %" PRIu64
                  " errors, %.1f ms\n",
                  current_point.c_str(), failed, count_, result.errors,
                  std::chrono::duration<double, std::milli>(
                    std::chrono::steady_clock::now() - start)
                    .count());
    std::fflush(stdout);
    return failed > 0;
  }

  caf::actor_system& sys_;
  const fault_config& cfg_;
  writer_spotter spotter_;
  std::vector<shortage> shortages_ = all_shortages();
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
  if (!faulty_new::install()) {
    std::fprintf(stderr, "the program has no table of symbols\n");
    return 2;
  }
  own_role = thread_role::test;
  std::set_terminate([] { abort_with_point("std::terminate"); });
  std::signal(SIGALRM, [](int) { abort_with_point("no end"); });
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
