// onewriter_crash_test: processes that die.
//
// Starts itself as a writer process in which clients write numbered rows
// through onewriter to one file, and note each row before they send it and each
// receipt when it comes. The process is ended, the next one started on the same
// file, and so on; at the end rows are compared with receipts. Three runs:
//   plain   ended by SIGKILL; what was not answered stays so
//   keyed   the same, and the next process sends again, under idempotency keys
//           or at positions in sessions, what was not acknowledged
//   stops   ended by SIGTERM
// Half of the processes of the first two have tiny resources and a file of
// their own, and are sent large requests that fail; readers pin the log of half
// of all that are killed.
// See kill_plan.hpp for the moments, verdict.hpp for what is demanded.
#include "onewriter/compat/setup.hpp"
#include "tests/crash/process/crash_config.hpp"
#include "tests/crash/process/writer_role.hpp"
#include "tests/crash/runs.hpp"
#include "tests/temp_folder.hpp"

#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <random>

using namespace onewriter;
using namespace onewriter::test;

namespace {

// What was said about the database is meant for the writer processes.
std::vector<std::string> words_for_writers(int argc, char** argv) {
  std::vector<std::string> result;
  for (auto word = argv + 1; word != argv + argc; ++word)
    if (std::string{*word}.rfind("--onewriter.", 0) == 0)
      result.push_back(*word);
  return result;
}

class driver {
public:
  driver(const crash_config& cfg, std::string folder,
         std::vector<std::string> words)
    : cfg_{cfg},
      folder_{std::move(folder)},
      words_{std::move(words)} {
    // nop
  }

  std::vector<run_report> run() {
    std::vector<run_report> result;
    if (cfg_.kills > 0) {
      auto tiny = cfg_.kills / 2;
      for (auto keyed : {false, true}) {
        auto name = std::string{keyed ? "keyed" : "plain"};
        result.push_back(
          run_kills(setting(name), cfg_.kills - tiny, keyed, false));
        if (tiny > 0)
          result.push_back(
            run_kills(setting("tiny-" + name), tiny, keyed, true));
      }
    }
    if (cfg_.stops > 0)
      result.push_back(run_stops(setting("stops"), cfg_.stops));
    return result;
  }

private:
  run_setting setting(const std::string& name) const {
    auto folder = folder_ + "/" + name;
    if (!std::filesystem::create_directories(folder))
      throw std::runtime_error{folder + " exists already"};
    return {folder, cfg_.seed, words_};
  }

  const crash_config& cfg_;
  std::string folder_;
  std::vector<std::string> words_;
};

int run_driver(crash_config& cfg, std::vector<std::string> words) {
  while (cfg.seed == 0)
    cfg.seed = std::random_device{}();
  std::printf("--seed=%" PRIu64 " --kills=%" PRIu32 " --stops=%" PRIu32 "\n",
              cfg.seed, cfg.kills, cfg.stops);
  std::fflush(stdout);
  temp_folder folder;
  auto& where = cfg.orders.folder.empty() ? folder.path() : cfg.orders.folder;
  auto reports = driver{cfg, where, std::move(words)}.run();
  print(reports);
  auto good = !reports.empty();
  for (auto& x : reports)
    good = good && x.is_good();
  std::printf("%s\n", good ? "all held" : "NOT ALL HELD");
  return good ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  crash_config cfg;
  if (auto err = cfg.parse(argc, argv); err != caf::none) {
    std::fprintf(stderr, "onewriter_crash_test: the command line or the "
                         "configuration file is not understood; see --help\n");
    return 2;
  }
  if (compat::has_printed_help(cfg))
    return 0;
  try {
    return cfg.orders.parent == 0
             ? run_driver(cfg, words_for_writers(argc, argv))
             : run_writer(cfg);
  } catch (const std::exception& ex) {
    std::fprintf(stderr, "onewriter_crash_test: %s\n", ex.what());
    return 1;
  }
}
