#pragma once

#include "actors/policy/coalescing_queue.hpp"
#include "actors/writer/sqlite_writer.hpp"
#include "onewriter/statistics.hpp"

#include <optional>

namespace onewriter {

/// Where best-effort messages wait: with the database, not in the writer's
/// mailbox, so that they can still be replaced and dropped while SQLite is
/// busy. The writer gets one batch at a time. Belongs to the database actor.
class best_effort_lane {
public:
  explicit best_effort_lane(const queue_options& limits);

  /// Takes a message in, which may replace or drop others, or drops it where
  /// there is no memory for it.
  void push(best_effort what, pending_write::clock::time_point now);

  /// Drops a message because the database is closed or about to be.
  void drop();

  /// Drops everything that waits, because the database is being closed.
  void drop_all();

  /// Returns the next batch, nothing while another is on its way or there is
  /// none to send. Does nothing where it throws.
  std::optional<best_effort_batch> next();

  /// Takes note of what became of the batch that was on its way.
  void done(best_effort_done what);

  /// Forgets the batch on its way: its writer was killed.
  void lost();

  /// Whether nothing waits and nothing is on its way.
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
  // What a failed writer gave back: older than everything in the queue.
  best_effort_batch returned_;
  uint64_t on_its_way_ = 0;
  best_effort_counts counts_;
};

} // namespace onewriter
