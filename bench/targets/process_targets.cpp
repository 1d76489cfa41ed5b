// What client processes are to achieve through one owner, beside the same
// processes each with the file open itself.
#include "bench/targets/process_targets.hpp"

#include <algorithm>

namespace onewriter::bench {

namespace {

constexpr char ours[] = "onewriter-processes";

constexpr char theirs[] = "contended-processes";

constexpr size_t most_processes = 8;

constexpr size_t many_outstanding = 64;

task load_of(size_t outstanding, const bench_options& asked) {
  auto result = closed_loop(most_processes, outstanding);
  result.length = asked.length();
  result.seed = asked.seed;
  return result;
}

named_cell cell_of(const char* backend, const task& what) {
  return {backend, {{}, backend, synchronous::full, what}};
}

target against_theirs(const task& what, figure of, const char* text) {
  target result;
  result.name = "8 processes x 1, full: " + std::string{text}
                + " against processes that open the file themselves";
  result.figure = of;
  result.ours = cell_of(ours, what);
  result.against = {cell_of(theirs, what)};
  return result;
}

} // namespace

workload process_loads(const load_shape& shape) {
  workload result{"processes", "one row a write, clients are processes", {}};
  for (auto [clients, outstanding] : shape.process_sizes)
    result.variants.push_back(
      {size_of(clients, outstanding), closed_loop(clients, outstanding)});
  return result;
}

std::vector<target> process_target_list(const bench_options& asked) {
  auto& levels = asked.levels;
  if (std::find(levels.begin(), levels.end(), synchronous::full)
      == levels.end())
    return {};
  auto lone = load_of(1, asked);
  auto rate = against_theirs(lone, figure::rows_per_second, "rows/s");
  rate.limit = 3;
  auto tail = against_theirs(lone, figure::p99_9, "p99.9");
  tail.is_least = false;
  tail.limit = 0.1;
  auto wait = against_theirs(lone, figure::p99_9_of_time, "p99.9 of the time");
  wait.is_least = false;
  wait.limit = 0.1;
  target many;
  many.name = "8 processes x 64, full: rows/s";
  many.ours = cell_of(ours, load_of(many_outstanding, asked));
  many.limit = 100'000;
  return {rate, tail, wait, many};
}

} // namespace onewriter::bench
