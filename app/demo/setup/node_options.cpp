#include "app/demo/setup/node_options.hpp"

#include "app/core/run_failure.hpp"

#include <algorithm>

namespace onewriter::node {

namespace {

using std::chrono::nanoseconds;

// Injected failures must neither reach the supervisor's restart limit nor
// increase its pauses.
void prepare_for_chaos(options& opts, nanoseconds interval) {
  constexpr nanoseconds longest_pause = std::chrono::milliseconds{20};
  auto& restarts = opts.restarts;
  opts.allow_failure_injection = true;
  restarts.max_restarts
    = static_cast<uint32_t>(4 * (restarts.period / interval) + 20);
  restarts.max_delay = std::min(restarts.max_delay, longest_pause);
  restarts.initial_delay = std::min(restarts.initial_delay, restarts.max_delay);
}

} // namespace

options node_options(const node_config& cfg, const demo_options& args) {
  auto result = asked_or_fail(cfg.database_options());
  if (args.chaos > nanoseconds{0})
    prepare_for_chaos(result, args.chaos);
  return result;
}

} // namespace onewriter::node
