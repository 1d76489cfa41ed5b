#pragma once

#include "actors/console/styled_line.hpp"
#include "app/commands/output/json_text.hpp"
#include "onewriter/maintenance.hpp"
#include "onewriter/statistics.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace onewriter::node {

/// What `top` shows at one moment.
struct top_sample {
  statistics now;
  /// What was shown before, and how long ago; none at first, when rates of the
  /// last interval are not known.
  std::optional<statistics> before;
  std::chrono::nanoseconds interval{0};
};

/// The lines of a screen of 80 columns and 24 lines.
[[nodiscard]] std::vector<styled_line> top_frame(const database_info& info,
                                                 const top_sample& x);

/// What `status` says in JSON, and the rates of the last interval.
[[nodiscard]] json top_json(const database_info& info, const top_sample& x);

} // namespace onewriter::node
