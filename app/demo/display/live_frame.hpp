#pragma once

#include "actors/console/styled_line.hpp"
#include "actors/console/terminal.hpp"
#include "app/demo/core/scores.hpp"
#include "onewriter/statistics.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace onewriter::node {

/// What the display shows at one moment.
struct snapshot {
  /// What does not change.
  std::string path;
  uint32_t peers = 0;
  std::chrono::nanoseconds chaos{0};
  std::string synchronous;

  std::chrono::nanoseconds elapsed{0};
  /// Zero where the run has no end of its own.
  std::chrono::nanoseconds duration{0};
  bool stopping = false;
  scores told;
  statistics database;
  /// Per second, over the last seconds.
  std::array<double, activity_count> rates{};
  double stored_bytes_per_second = 0;
  double indexed_bytes_per_second = 0;
  uint64_t peak_memory_bytes = 0;
  /// The last warnings.
  std::vector<std::string> events;
};

/// Draws a bar of `columns` columns that is full at a `share` of 1, in
/// block characters or, without `utf8`, in ASCII.
[[nodiscard]] styled_line bar(double share, size_t columns, bool utf8);

/// Draws what fits on a screen of `size`; the least important lines are left
/// out first.
[[nodiscard]] std::vector<styled_line> live_frame(const snapshot& what,
                                                  screen_size size, bool utf8);

} // namespace onewriter::node
