// onewriter_model_test: random sequences of all messages, from several senders,
// with faults, beside a model of the contract.
#include "onewriter/compat/setup.hpp"
#include "onewriter/config.hpp"
#include "tests/model/player.hpp"
#include "tests/model/shrink.hpp"

#include <chrono>
#include <exception>
#include <iomanip>
#include <iostream>

using namespace onewriter;
using namespace onewriter::test;

namespace {

class model_config : public config {
public:
  model_config() {
    opt_group{custom_options_, "global"}
      .add(sequences, "sequences,n", "how many sequences; default 300")
      .add(seed, "seed,s",
           "of the first sequence, counted up from there; default 1")
      .add(steps, "steps,l", "length of each sequence; default 40")
      .add(tries, "tries,t",
           "how often to play a sequence before it counts as one that does "
           "not fail, while a failing one is made smaller; default 5");
  }

  uint64_t sequences = 300;
  uint64_t seed = 1;
  uint64_t steps = 40;
  uint64_t tries = 5;
};

/// How long a failing sequence is made smaller.
constexpr auto shrinking_limit = std::chrono::minutes{2};

/// What all sequences came to.
struct totals {
  uint64_t played = 0;
  uint64_t failed = 0;
  uint64_t faults = 0;
  uint64_t restarts = 0;
  uint64_t closings = 0;
  uint64_t burdens = 0;
  uint64_t tiny = 0;
  uint64_t pinned = 0;
  std::map<ec, uint64_t> replies;

  void add(const play_report& x) {
    ++played;
    failed += x.complaints.empty() ? 0 : 1;
    faults += x.faults;
    restarts += x.restarts;
    closings += x.closings;
    burdens += x.burdens;
    tiny += x.tiny ? 1 : 0;
    pinned += x.pinned ? 1 : 0;
    for (auto& [code, count] : x.replies)
      replies[code] += count;
  }
};

class model_test {
public:
  explicit model_test(model_config& cfg) : cfg_{cfg}, sys_{cfg} {
    // nop
  }

  int run() {
    for (uint64_t i = 0; i < cfg_.sequences; ++i) {
      auto next = make_plan(cfg_.seed + i, cfg_.steps);
      auto report = play(sys_, disk_, next);
      totals_.add(report);
      if (!report.complaints.empty())
        show(next, report);
    }
    print();
    return totals_.failed == 0 && totals_.played > 0 ? 0 : 1;
  }

private:
  // What runs side by side runs differently each time.
  bool fails(const plan& what, play_report& last) {
    for (uint64_t i = 0; i < cfg_.tries; ++i) {
      if (std::chrono::steady_clock::now() > limit_)
        throw out_of_patience{};
      auto report = play(sys_, disk_, what);
      if (report.complaints.empty())
        continue;
      last = std::move(report);
      return true;
    }
    return false;
  }

  void show(const plan& what, play_report last) {
    std::cout << "seed " << what.seed << " broke the contract:\n";
    for (auto& sentence : last.complaints)
      std::cout << "  " << sentence << '\n';
    std::cout << std::flush;
    limit_ = std::chrono::steady_clock::now() + shrinking_limit;
    auto small = shrink(what, [&](const plan& x) { return fails(x, last); });
    std::cout << "the least that still fails:\n" << to_string(small);
    for (auto& sentence : last.complaints)
      std::cout << "  -> " << sentence << '\n';
    std::cout << "again: --seed=" << what.seed
              << " --sequences=1 --steps=" << cfg_.steps << "\n\n"
              << std::flush;
  }

  void print() const {
    auto line = [](const std::string& name, uint64_t count) {
      std::cout << std::left << std::setw(28) << name << std::right
                << std::setw(10) << count << '\n';
    };
    line("sequences", totals_.played);
    line("  with tiny resources", totals_.tiny);
    line("  with a pinned log", totals_.pinned);
    line("steps in each", cfg_.steps);
    line("large requests", totals_.burdens);
    line("faults", totals_.faults);
    line("restarts of the writer", totals_.restarts);
    line("files closed", totals_.closings);
    for (auto& [code, count] : totals_.replies)
      line("replies: "
             + (code == ec::none ? std::string{"success"} : to_string(code)),
           count);
    line("broke the contract", totals_.failed);
  }

  model_config& cfg_;
  caf::actor_system sys_;
  unsynced_disk disk_;
  std::chrono::steady_clock::time_point limit_;
  totals totals_;
};

} // namespace

int main(int argc, char** argv) {
  model_config cfg;
  if (auto err = cfg.parse(argc, argv); err != caf::none) {
    std::cerr << "onewriter_model_test: the command line is not understood; "
                 "see --help\n";
    return 2;
  }
  if (compat::has_printed_help(cfg))
    return 0;
  try {
    return model_test{cfg}.run();
  } catch (const std::exception& ex) {
    std::cerr << "onewriter_model_test: " << ex.what() << '\n';
    return 1;
  }
}
