#pragma once

#include "actors/console/styled_line.hpp"
#include "app/demo/display/live_frame.hpp"

// The lines of the display that say how the database is.

namespace onewriter::node {

/// How many requests wait in each lane.
[[nodiscard]] styled_line lanes_line(const statistics& x);

[[nodiscard]] styled_line commits_line(const statistics& x);

[[nodiscard]] styled_line writer_line(const statistics& x);

[[nodiscard]] styled_line best_effort_line(const best_effort_counts& x);

[[nodiscard]] styled_line sizes_line(const snapshot& x);

/// What connects take with and without indexing.
[[nodiscard]] styled_line phases_line(const scores& x);

} // namespace onewriter::node
