#include "bench/plan.hpp"

#include "bench/measure.hpp"
#include "bench/progress_line.hpp"

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

} // namespace

std::vector<series> run_plan(const bench_config& cfg, const options& opts,
                             const std::vector<arrangement>& arrangements,
                             const std::vector<planned>& plan) {
  std::vector<series> result;
  for (auto& x : plan)
    result.push_back(empty_series(x));
  auto total = plan.size() * cfg.rounds;
  for (size_t number = 0; number < total; ++number) {
    auto& next = plan[number % plan.size()];
    auto at_level = opts;
    at_level.synchronous = next.synchronous;
    progress_line line{number + 1, total, title_of(next)};
    result[number % plan.size()].rounds.push_back(
      measure(find(arrangements, next.arrangement), next.what, at_level,
              cfg.folder, [&](uint64_t writes) { line.show(writes); }));
  }
  return result;
}

} // namespace onewriter::bench
