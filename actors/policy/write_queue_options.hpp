#pragma once

#include <chrono>
#include <cstddef>

namespace onewriter {

/// The size of a turn of the `write_queue`, and the shares of its lanes.
///
/// A turn becomes one transaction, so its bounds limit the wait of the next
/// request. The shares are fractions of a turn, from 0 to 1; values outside
/// count as the nearest bound. A share is reserved against the lanes ahead
/// while its lane has items. Independent of its share, a lane that waits when a
/// turn begins gets one item. The shares should add up to less than 1: the rest
/// is guaranteed to `urgent`, which needs no share because no lane is ahead of
/// it.
struct write_queue_options {
  /// Items of a turn. Default: 4096, where the cost of a commit per item is so
  /// low that more items would only make the caller wait longer.
  size_t turn_items = 4096;

  /// Bytes of a turn. Default: 8 MiB, which an ordinary SSD writes within about
  /// the 20 ms that a turn may run.
  size_t turn_bytes = size_t{8} << 20;

  /// Running time of a turn. Default: 20 ms, so that an urgent write that just
  /// misses a turn still seems immediate to a person.
  std::chrono::nanoseconds turn_time = std::chrono::milliseconds{20};

  /// Items of a short turn, used while greedy senders keep others waiting:
  /// until `calm_turns` turns have passed without one that ended early.
  /// Best-effort messages of a turn, in cost units (see `quantum`), until
  /// `calm_turns` turns have passed without an urgent or normal write. Default:
  /// 48, which take about half as long as the sync of their commit: more make
  /// all callers wait longer, fewer cost throughput.
  size_t contended_items = 48;

  /// Default: 64, so that a caller that writes every few milliseconds still
  /// counts.
  size_t calm_turns = 64;

  /// Default: a quarter. Urgent writes should be few; a flood of them still
  /// leaves ordinary writes a quarter of their speed.
  double normal_share = 0.25;

  /// Default: a tenth. Messages may be dropped here, but the lane must not
  /// stop.
  double best_effort_share = 0.10;

  /// Default: a tenth, so that a long job ends even if the writer is never
  /// idle.
  double chunk_share = 0.10;

  /// Default: a twentieth, the smallest: these writes can wait by definition.
  double background_share = 0.05;

  /// The cost that a sender may use before the next sender is served, in cost
  /// units: an item costs one and one more for each full KiB. 0 counts as 1.
  /// Default: 8, because then 512 senders with many small items are all served
  /// within one turn of 4096.
  size_t quantum = 8;
};

} // namespace onewriter
