#pragma once

#include <chrono>
#include <cstddef>

namespace onewriter {

/// How much a turn of the `write_queue` holds, and who gets how much of it.
///
/// A turn becomes one transaction, so its bounds are what the next request has
/// to wait for at worst. The shares are fractions of a turn, from 0 to 1; what
/// is outside counts as the nearest bound. A share is set aside from the lanes
/// ahead while its lane has work, and no longer. Whatever its share, a lane
/// that waits when a turn begins gets one item. The shares should add up to
/// less than 1: the rest is what nobody can take from `urgent`, which needs no
/// share because nobody is ahead of it.
struct write_queue_options {
  /// Items of a turn. Default: 4096, where the cost of a commit is spread so
  /// thin that more items would only make the caller wait longer.
  size_t turn_items = 4096;

  /// Bytes of a turn. Default: 8 MiB, which an ordinary SSD takes in within
  /// about the 20 ms that a turn may run.
  size_t turn_bytes = size_t{8} << 20;

  /// Running time of a turn. Default: 20 ms, so that an urgent write that just
  /// misses a turn still feels immediate to a person.
  std::chrono::nanoseconds turn_time = std::chrono::milliseconds{20};

  /// Items of a short turn, as they are while greedy senders keep others
  /// waiting: until `calm_turns` turns have passed without one that ended
  /// early. Best-effort messages of a turn, in cost units (see `quantum`),
  /// until `calm_turns` turns have passed without an urgent or normal write.
  /// Default: 48, which take about half as long as the sync of their commit:
  /// more lengthen everybody's wait, fewer cost throughput.
  size_t contended_items = 48;

  /// Default: 64, so that somebody who writes every few milliseconds is
  /// expected to come again.
  size_t calm_turns = 64;

  /// Default: a quarter. Urgent writes are meant to be few; whoever floods
  /// their lane all the same leaves ordinary writes a quarter of their speed.
  double normal_share = 0.25;

  /// Default: a tenth. Dropping is allowed here, standing still is not.
  double best_effort_share = 0.10;

  /// Default: a tenth, so that a long job ends even if the writer never rests.
  double chunk_share = 0.10;

  /// Default: a twentieth, the least: this work has said that it can wait.
  double background_share = 0.05;

  /// What a sender may use up before it is the next sender's turn, in cost
  /// units: an item costs one and one more for each full KiB. 0 counts as 1.
  /// Default: 8, because then 512 senders with many small items are all served
  /// within one turn of 4096.
  size_t quantum = 8;
};

} // namespace onewriter
