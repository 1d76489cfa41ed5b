#include "actors/policy/lane.hpp"

#include <string_view>

namespace onewriter {

namespace {

// Indexed by the position of the lane.
constexpr std::array<std::string_view, lane_count> lane_names{
  "urgent", "normal", "best_effort", "chunk", "background"};

} // namespace

std::string to_string(lane x) {
  auto index = lane_index(x);
  return std::string{index < lane_names.size() ? lane_names[index] : "unknown"};
}

} // namespace onewriter
