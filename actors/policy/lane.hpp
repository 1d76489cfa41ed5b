#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace onewriter {

/// The queues in front of the writer. The order of the values is the order of a
/// turn: the first lane is served first.
enum class lane : uint8_t {
  /// Writes that must not wait behind a backlog.
  urgent,
  /// Writes, unless their sender chose another lane.
  normal,
  /// Messages without a reply, which may be dropped under pressure.
  best_effort,
  /// The next piece of each long job.
  chunk,
  /// Writes that can wait until the other lanes are empty.
  background,
};

inline constexpr size_t lane_count = 5;

/// All lanes, in the order of a turn.
inline constexpr std::array<lane, lane_count> lanes{
  lane::urgent, lane::normal, lane::best_effort, lane::chunk, lane::background};

/// Returns the position of `x` in the order of a turn, from 0.
constexpr size_t lane_index(lane x) {
  return static_cast<size_t>(x);
}

/// Returns the name of the value, for example "best_effort"; "unknown" for
/// other values.
std::string to_string(lane x);

} // namespace onewriter
