#include "bench/plan.hpp"

#include "bench/measure.hpp"
#include "bench/progress_line.hpp"

#include <algorithm>
#include <stdexcept>

namespace onewriter::bench {

namespace {

std::string title_of(const planned& x) {
  return x.arrangement + ", " + x.workload
         + ", synchronous=" + to_string(x.synchronous);
}

series empty_series(const planned& x) {
  series result;
  result.workload = x.workload;
  result.arrangement = x.arrangement;
  result.synchronous = x.synchronous;
  result.what = x.what;
  return result;
}

const arrangement& find(const std::vector<arrangement>& all,
                        const std::string& name) {
  for (auto& x : all)
    if (x.name == name)
      return x;
  throw std::runtime_error{"there is no arrangement called " + name};
}

size_t rounds_of(const std::vector<planned>& plan, uint32_t rounds) {
  size_t result = 0;
  for (auto& x : plan)
    result += std::min(x.most_rounds, rounds);
  return result;
}

} // namespace

bool is_same(const planned& x, const planned& y) {
  return x.arrangement == y.arrangement && x.synchronous == y.synchronous
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
    if (is_same(x, {{}, y.arrangement, y.synchronous, y.what}))
      return &y;
  return nullptr;
}

std::vector<planned> plan_of(const bench_config& cfg,
                             const std::vector<workload>& workloads,
                             const std::vector<arrangement>& arrangements) {
  std::vector<planned> result;
  for (auto level : cfg.levels())
    for (auto& load : workloads)
      for (auto variant : load.variants)
        for (auto& how : arrangements) {
          variant.what.length = cfg.length();
          variant.what.seed = cfg.seed;
          if (cfg.wants(how.name) && how.suits(variant.what))
            result.push_back({variant.name, how.name, level, variant.what});
        }
  return result;
}

std::vector<series> run_plan(const bench_config& cfg, const options& opts,
                             const std::vector<arrangement>& arrangements,
                             const std::vector<planned>& plan) {
  std::vector<series> result;
  for (auto& x : plan)
    result.push_back(empty_series(x));
  size_t number = 0;
  auto total = rounds_of(plan, cfg.rounds);
  for (uint32_t round = 0; round < cfg.rounds; ++round)
    for (size_t i = 0; i < plan.size(); ++i) {
      auto& next = plan[i];
      if (round >= next.most_rounds)
        continue;
      auto at_level = opts;
      at_level.synchronous = next.synchronous;
      progress_line line{++number, total, title_of(next)};
      result[i].rounds.push_back(measure(
        find(arrangements, next.arrangement), next.what, at_level, cfg.folder,
        [&](score_card& card) { line.show(card.writes_so_far()); }));
    }
  return result;
}

} // namespace onewriter::bench
