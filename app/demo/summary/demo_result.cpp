#include "app/demo/summary/demo_result.hpp"

namespace onewriter::node {

namespace {

// With fewer a p99 means nothing.
constexpr uint64_t least_samples = 200;

} // namespace

latency latency_of(const demo_result& x, activity what) {
  return what == activity::update_peer ? x.told.database.best_effort_latency
                                       : x.told.told.of(what).took;
}

std::optional<double> busy_ratio(const scores& told) {
  auto& off = told.quiet_connect;
  auto& on = told.busy_connect;
  if (off.count < least_samples || on.count < least_samples
      || off.p99.count() == 0)
    return std::nullopt;
  return static_cast<double>(on.p99.count())
         / static_cast<double>(off.p99.count());
}

} // namespace onewriter::node
