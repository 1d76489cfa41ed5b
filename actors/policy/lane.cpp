#include "actors/policy/lane.hpp"

#include <string_view>

namespace onewriter {

namespace {

// Indexed by the position of the lane.
constexpr std::array<std::string_view, lane_count> names{
  "urgent", "normal", "best_effort", "chunk", "background"};

} // namespace

std::string to_string(lane x) {
  auto index = lane_index(x);
  return std::string{index < names.size() ? names[index] : "unknown"};
}

} // namespace onewriter
