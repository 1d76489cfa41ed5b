// What onewriter is to achieve, with no option set unless a line says "node".
// Each factor compares two measurements of the same run, so that it says the
// same of a slow machine as of a fast one.
#include "bench/targets/targets.hpp"
#include "bench/workload/describe.hpp"
#include "bench/workload/workloads.hpp"

#include <algorithm>

namespace onewriter::bench {

namespace {

using level = enum synchronous;

using strings = std::vector<std::string>;

constexpr auto full = synchronous::full;
constexpr auto normal = synchronous::normal;

constexpr double most_log_bytes = 16e6;

// In which a write of a lone caller is answered.
constexpr double most_lone_us = 25;

/// Who calls onewriter.
struct caller {
  /// The backend.
  std::string name;
  /// The same in the node's set-up, which is shown beside it.
  std::string node;
  /// Behind the size, in titles.
  std::string title;
  /// What such callers use instead.
  strings peers;
};

const caller actor_callers{
  "onewriter",
  "node",
  "",
  {"mutex", "contended", "split", "queue", "event-loop"}};

// The clients of an event loop are no threads.
const caller thread_callers{"onewriter-threads",
                            "node-threads",
                            ", threads",
                            {"mutex", "contended", "split", "queue"}};

/// Makes the cells of one run.
class list_maker {
public:
  explicit list_maker(const bench_options& asked) : asked_{asked} {
    // nop
  }

  // -- rows per second -----------------------------------------------------------

  // `of` names what `baselines` are, of which the best counts.
  void rows(const caller& who, size_t clients, size_t outstanding, level at,
            const strings& baselines, const std::string& of, double least) {
    auto what = closed_loop(clients, outstanding);
    target x;
    x.name = title(what, at) + who.title + ": rows/s against " + of;
    x.ours = cell(who.name, at, what);
    for (auto& name : baselines)
      x.against.push_back(cell(name, at, what));
    x.others = {cell(who.node, at, what)};
    x.limit = least;
    add(std::move(x));
  }

  void rows(const caller& who, size_t clients, size_t outstanding, level at,
            const std::string& baseline, double least) {
    rows(who, clients, outstanding, at, strings{baseline}, baseline, least);
  }

  void best(const caller& who, size_t clients, size_t outstanding, level at,
            double least) {
    rows(who, clients, outstanding, at, who.peers, "the best peer", least);
  }

  // -- latency -------------------------------------------------------------------

  void lone_caller(const caller& who) {
    auto what = closed_loop(1, 1);
    target x;
    x.name = title(what, normal) + who.title + ": p50";
    x.figure = figure::p50;
    x.ours = cell(who.name, normal, what);
    x.others = {cell(who.node, normal, what), cell("mutex", normal, what)};
    x.is_least = false;
    x.limit = most_lone_us;
    add(std::move(x));
  }

  void tail(level at, double most) {
    auto what = closed_loop(64, 1);
    target x;
    x.name = title(what, at) + ": p99 against p50";
    x.figure = figure::p99;
    x.ours = named("p99", cell("onewriter", at, what));
    x.against = {named("p50", cell("onewriter", at, what))};
    x.against_figure = figure::p50;
    x.is_least = false;
    x.limit = most;
    add(std::move(x));
  }

  void stragglers(double most) {
    auto what = closed_loop(64, 1);
    target x;
    x.name = title(what, full) + ": p99.9 against contended";
    x.figure = figure::p99_9;
    x.ours = cell("onewriter", full, what);
    x.against = {cell("contended", full, what)};
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
    x.against = {named("without", cell("onewriter", full, what))};
    what.beside = who;
    x.ours = named("beside", cell("onewriter", full, what));
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
    x.against = {cell("raw-1000", normal, what)};
    x.others = {cell("node", normal, what)};
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

  static named_cell named(std::string name, named_cell of) {
    of.name = std::move(name);
    return of;
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

  bool wants(const named_cell& x) const {
    return asked_.wants(x.cell.backend);
  }

  void remove_unwanted(std::vector<named_cell>& from) const {
    from.erase(std::remove_if(from.begin(), from.end(),
                              [&](auto& x) { return !wants(x); }),
               from.end());
  }

  void add(target x) {
    auto& levels = asked_.levels;
    auto at = x.ours.cell.synchronous;
    auto is_ratio = !x.against.empty();
    remove_unwanted(x.against);
    remove_unwanted(x.others);
    if (std::find(levels.begin(), levels.end(), at) == levels.end()
        || !wants(x.ours) || (is_ratio && x.against.empty()))
      return;
    result_.push_back(std::move(x));
  }

  const bench_options& asked_;
  std::vector<target> result_;
};

void add_peers(list_maker& to) {
  for (auto at : {full, normal}) {
    auto least = at == full ? 1.0 : 0.9;
    to.best(actor_callers, 1, 1, at, 0.9);
    to.best(actor_callers, 8, 1, at, least);
    to.best(actor_callers, 64, 1, at, least);
    to.best(actor_callers, 512, 1, at, least);
    to.best(actor_callers, 64, 16, at, least);
    to.best(thread_callers, 8, 1, at, 0.9);
    to.best(thread_callers, 64, 1, at, 0.9);
  }
}

void add_lone_callers(list_maker& to) {
  for (auto& who : {actor_callers, thread_callers}) {
    to.rows(who, 1, 1, full, "mutex", 0.9);
    to.lone_caller(who);
  }
}

} // namespace

std::vector<target> target_list(const bench_options& asked) {
  list_maker result{asked};
  add_peers(result);
  add_lone_callers(result);
  for (auto at : {full, normal})
    result.rows(actor_callers, 64, 16, at, "raw-1000", 0.8);
  result.rows(actor_callers, 64, 1, full, "contended", 30);
  result.rows(actor_callers, 8, 1, full, "contended", 5);
  result.rows(actor_callers, 8, 1, normal, "contended", 3);
  for (auto at : {full, normal})
    result.tail(at, 3);
  result.stragglers(1.0 / 500);
  result.beside(background_load::document, 64, "a document being indexed", 3);
  result.beside(background_load::greedy, 1, "a greedy sender", 5);
  result.beside(background_load::flood, 64, "a best-effort flood", 3);
  result.reads(0.8);
  result.log_size();
  return result.take();
}

} // namespace onewriter::bench
