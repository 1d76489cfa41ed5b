#pragma once

#include "actors/policy/coalescing_queue.hpp"
#include "actors/writer/sqlite_writer.hpp"
#include "onewriter/statistics.hpp"

#include <optional>

namespace onewriter {

/// The queue of best-effort messages. It is in the database and not in the
/// writer's mailbox, so that messages can still be replaced and dropped while
/// SQLite is busy. The writer gets one batch at a time. Belongs to the database
/// actor.
class best_effort_lane {
public:
  explicit best_effort_lane(const queue_options& limits);

  /// Adds a message, which may replace or drop others, or drops it if memory
  /// runs out.
  void push(best_effort what, pending_write::clock::time_point now);

  /// Drops a message because the database is closed or about to be.
  void drop();

  /// Drops all waiting messages, because the database is being closed.
  void drop_all();

  /// Returns the next batch; nothing while another is in flight or if none is
  /// waiting. Strong exception guarantee.
  std::optional<best_effort_batch> next();

  /// Records the outcomes of the batch in flight.
  void done(best_effort_done what);

  /// Forgets the batch in flight: its writer was killed.
  void lost();

  /// Returns whether no message is waiting or in flight.
  bool empty() const {
    return queue_.empty() && returned_.messages.empty() && on_its_way_ == 0;
  }

  best_effort_counts counts() const;

private:
  struct item {
    best_effort what;
    pending_write::clock::time_point arrived;
  };

  void push_counted(best_effort what, pending_write::clock::time_point now);

  best_effort_batch next_of_queue();

  void take_back(best_effort what, pending_write::clock::time_point arrived);

  coalescing_queue<item> queue_;
  // Messages that a failed writer gave back: older than everything in the
  // queue.
  best_effort_batch returned_;
  uint64_t on_its_way_ = 0;
  best_effort_counts counts_;
};

} // namespace onewriter
