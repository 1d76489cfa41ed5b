// What onewriter is to achieve. Each factor compares two measurements of the
// same run, so that it says the same of a slow machine as of a fast one.
#include "bench/targets/targets.hpp"
#include "bench/workload/describe.hpp"
#include "bench/workload/workloads.hpp"

#include <algorithm>

namespace onewriter::bench {

namespace {

using level = enum synchronous;

constexpr auto full = synchronous::full;
constexpr auto normal = synchronous::normal;

constexpr double most_log_bytes = 16e6;

/// Makes the cells of one run.
class list_maker {
public:
  explicit list_maker(const bench_options& asked) : asked_{asked} {
    // nop
  }

  // -- rows per second -----------------------------------------------------------

  void rows(size_t clients, size_t outstanding, level at,
            const std::string& baseline, double least) {
    auto what = closed_loop(clients, outstanding);
    target x;
    x.name = title(what, at) + ": rows/s against " + baseline;
    x.ours = cell("onewriter", at, what);
    x.against = cell(baseline, at, what);
    x.limit = least;
    add(std::move(x));
  }

  // -- latency -------------------------------------------------------------------

  void stragglers(double most) {
    auto what = closed_loop(64, 1);
    target x;
    x.name = title(what, full) + ": p99.9 against contended";
    x.figure = figure::p99_9;
    x.ours = cell("onewriter", full, what);
    x.against = cell("contended", full, what);
    x.is_least = false;
    x.limit = most;
    add(std::move(x));
  }

  // Against the same load without background load.
  void beside(background_load who, size_t clients, const std::string& what_else,
              double most) {
    auto what = closed_loop(clients, 1);
    target x;
    x.name
      = title(what, full) + ": p99 beside " + what_else + " against without";
    x.figure = figure::p99;
    x.against = cell("onewriter", full, what);
    x.against->name = "without";
    what.beside = who;
    x.ours = cell("onewriter", full, what);
    x.ours.name = "beside";
    x.is_least = false;
    x.limit = most;
    add(std::move(x));
  }

  // -- readers -------------------------------------------------------------------

  void reads(double least) {
    auto what = with_readers();
    target x;
    x.name = title(what, normal) + ", 2 readers: reads/s against raw-1000";
    x.figure = figure::reads_per_second;
    x.ours = cell("onewriter", normal, what);
    x.against = cell("raw-1000", normal, what);
    x.limit = least;
    add(std::move(x));
  }

  void log_size() {
    auto what = with_readers();
    auto make = [&](const char* whose) {
      auto result = cell(whose, normal, what);
      auto seconds = asked_.seconds < 1 ? 10 * asked_.seconds : 60;
      result.cell.what.length
        = std::chrono::duration_cast<std::chrono::nanoseconds>(
          std::chrono::duration<double>{seconds});
      result.cell.most_rounds = 1;
      result.cell.workload += ", long";
      return result;
    };
    target x;
    x.name = title(what, normal) + ", 2 readers: largest log";
    x.figure = figure::log_bytes;
    x.ours = make("onewriter");
    for (auto whose : {"contended", "split", "raw-1000"})
      if (asked_.wants(whose))
        x.others.push_back(make(whose));
    x.is_least = false;
    x.limit = most_log_bytes;
    add(std::move(x));
  }

  std::vector<target> take() {
    return std::move(result_);
  }

private:
  static task with_readers() {
    auto result = closed_loop(64, 16);
    result.readers = 2;
    return result;
  }

  static std::string title(const task& what, level at) {
    return size_of(what.clients, what.outstanding) + ", " + to_string(at);
  }

  named_cell cell(std::string whose, level at, task what) const {
    what.length = asked_.length();
    what.seed = asked_.seed;
    auto workload = size_of(what.clients, what.outstanding);
    if (what.readers > 0)
      workload += ", " + std::to_string(what.readers) + " readers";
    if (what.beside != background_load::nothing)
      workload += ", beside " + to_string(what.beside);
    return {whose, {std::move(workload), whose, at, what}};
  }

  void add(target x) {
    auto levels = asked_.levels;
    auto at = x.ours.cell.synchronous;
    if (std::find(levels.begin(), levels.end(), at) == levels.end()
        || !asked_.wants("onewriter")
        || (x.against && !asked_.wants(x.against->cell.backend)))
      return;
    result_.push_back(std::move(x));
  }

  const bench_options& asked_;
  std::vector<target> result_;
};

void add_rates(list_maker& to) {
  to.rows(64, 16, full, "raw-1000", 0.8);
  to.rows(64, 16, normal, "raw-1000", 0.7);
  for (auto at : {full, normal}) {
    to.rows(1, 1, at, "queue", 1);
    to.rows(8, 1, at, "queue", 1);
    to.rows(64, 1, at, "queue", 1);
    to.rows(64, 16, at, "queue", 1);
    to.rows(512, 1, at, "queue", 1.5);
  }
  to.rows(64, 1, full, "contended", 30);
  to.rows(8, 1, full, "contended", 5);
  to.rows(8, 1, normal, "contended", 3);
  to.rows(1, 1, full, "raw-1", 0.9);
  to.rows(1, 1, normal, "mutex", 0.5);
}

} // namespace

std::vector<target> target_list(const bench_options& asked) {
  list_maker result{asked};
  add_rates(result);
  result.stragglers(1.0 / 500);
  result.beside(background_load::document, 64, "a document being indexed", 3);
  result.beside(background_load::greedy, 1, "a greedy sender", 5);
  result.beside(background_load::flood, 64, "a best-effort flood", 3);
  result.reads(0.8);
  result.log_size();
  return result.take();
}

} // namespace onewriter::bench
