#pragma once

#include "app/demo/display/live_frame.hpp"

#include <chrono>
#include <string>

namespace onewriter::node {

/// Says what a display would draw on one line of at most 80 columns, for where
/// it cannot be drawn.
[[nodiscard]] std::string progress_line(const snapshot& what);

/// Names the stage that a run is in.
[[nodiscard]] std::string stage_text(const snapshot& what);

/// Minutes and seconds: `1:05`.
[[nodiscard]] std::string clock_text(std::chrono::nanoseconds x);

/// Returns `part` of `all` as a number from 0 to 1; 0 where there is nothing.
[[nodiscard]] double share_of(uint64_t part, uint64_t all);

} // namespace onewriter::node
