#include "actors/index/chunk/chunk_budget.hpp"

#include <algorithm>
#include <utility>

namespace onewriter {

namespace {

constexpr double share_of_limit = 0.6;

// Far beyond any chunk; prevents overflows.
constexpr size_t max_units = size_t{1} << 40;

double target_of(std::chrono::nanoseconds limit) {
  return std::max(1.0, share_of_limit * static_cast<double>(limit.count()));
}

size_t units_between(double fitting, size_t ceiling) {
  return fitting < static_cast<double>(ceiling)
           ? std::max(size_t{1}, static_cast<size_t>(fitting))
           : ceiling;
}

} // namespace

chunk_budget::chunk_budget(std::chrono::nanoseconds limit, size_t first_units)
  : target_ns_{target_of(limit)},
    units_{std::clamp(first_units, size_t{1}, max_units)} {
  // nop
}

void chunk_budget::set_limit(std::chrono::nanoseconds limit) {
  auto before_ns = std::exchange(target_ns_, target_of(limit));
  if (target_ns_ == before_ns)
    return;
  auto fitting = static_cast<double>(units_) * target_ns_ / before_ns;
  units_ = units_between(fitting, max_units);
}

void chunk_budget::measured(size_t units, std::chrono::nanoseconds elapsed) {
  auto took_ns = std::max(1.0, static_cast<double>(elapsed.count()));
  if (units == 0 || (units < units_ && took_ns <= target_ns_))
    return;
  auto fitting = static_cast<double>(units) * target_ns_ / took_ns;
  auto ceiling = std::min(2 * units_, max_units);
  units_ = units_between(fitting, ceiling);
}

} // namespace onewriter
