#include "bench/plan/plan.hpp"

#include "actors/console/format.hpp"
#include "bench/measure/measure.hpp"
#include "bench/measure/progress_line.hpp"

#include <algorithm>
#include <iostream>

namespace onewriter::bench {

namespace {

std::string title_of(const planned& x) {
  return x.backend + ", " + x.workload
         + ", synchronous=" + to_string(x.synchronous);
}

series empty_series(const planned& x) {
  series result;
  result.workload = x.workload;
  result.backend = x.backend;
  result.synchronous = x.synchronous;
  result.what = x.what;
  return result;
}

size_t rounds_of(const std::vector<planned>& plan, uint32_t rounds) {
  size_t result = 0;
  for (auto& x : plan)
    result += std::min(x.most_rounds, rounds);
  return result;
}

std::string in_words(std::chrono::nanoseconds x) {
  auto minutes = std::chrono::duration_cast<std::chrono::minutes>(x).count();
  return minutes < 2 ? format_seconds(x)
                     : format_count(static_cast<uint64_t>(minutes), "minute");
}

// The time to make files and to verify them afterwards is not known.
void announce(const std::vector<planned>& plan, uint32_t rounds) {
  std::chrono::nanoseconds least{0};
  for (auto& x : plan)
    least += std::min(x.most_rounds, rounds) * x.what.length;
  std::cerr << "onewriter-bench: "
            << format_count(rounds_of(plan, rounds), "measurement")
            << ", at least " << in_words(least) << " in all" << std::endl;
}

measurement measure_once(const bench_setting& in, const planned& what,
                         progress_line& line) {
  auto opts = in.opts;
  opts.synchronous = what.synchronous;
  return measure(find_backend(in.backends, what.backend), what.what, opts,
                 in.folder, [&](recorder& records) {
                   line.show(records.writes_so_far());
                   if (in.interrupted)
                     records.stop();
                 });
}

} // namespace

bool is_same(const planned& x, const planned& y) {
  return x.backend == y.backend && x.synchronous == y.synchronous
         && x.what == y.what;
}

std::vector<planned> without_repetitions(const std::vector<planned>& plan) {
  std::vector<planned> result;
  for (auto& x : plan) {
    auto found = std::find_if(result.begin(), result.end(),
                              [&](auto& y) { return is_same(x, y); });
    if (found == result.end())
      result.push_back(x);
    else
      found->most_rounds = std::max(found->most_rounds, x.most_rounds);
  }
  return result;
}

const series* find_series(const std::vector<series>& all, const planned& x) {
  for (auto& y : all)
    if (is_same(x, {{}, y.backend, y.synchronous, y.what}))
      return &y;
  return nullptr;
}

std::vector<planned> plan_of(const bench_options& asked,
                             const std::vector<workload>& workloads,
                             const std::vector<backend>& backends) {
  std::vector<planned> result;
  for (auto level : asked.levels)
    for (auto& load : workloads)
      for (auto variant : load.variants)
        for (auto& how : backends) {
          variant.what.length = asked.length();
          variant.what.seed = asked.seed;
          if (asked.wants(how.name) && how.suits(variant.what))
            result.push_back({variant.name, how.name, level, variant.what});
        }
  return result;
}

void run_plan(const bench_setting& in, const std::vector<planned>& plan,
              results& to) {
  std::vector<series> found;
  for (auto& x : plan)
    found.push_back(empty_series(x));
  announce(plan, in.asked.rounds);
  size_t number = 0;
  auto total = rounds_of(plan, in.asked.rounds);
  for (uint32_t round = 0; round < in.asked.rounds; ++round)
    for (size_t i = 0; i < plan.size() && !in.interrupted; ++i) {
      auto& next = plan[i];
      if (round >= next.most_rounds)
        continue;
      progress_line line{++number, total, title_of(next)};
      try {
        auto result = measure_once(in, next, line);
        // An interrupted measurement does not count.
        if (!in.interrupted)
          found[i].rounds.push_back(std::move(result));
      } catch (const std::exception& ex) {
        if (!in.interrupted)
          to.failures.push_back(title_of(next) + ": " + ex.what());
      }
    }
  for (auto& x : found)
    if (!x.rounds.empty())
      to.all.push_back(std::move(x));
}

} // namespace onewriter::bench
