#pragma once

#include "actors/core/metrics.hpp"
#include "actors/sqlite/connection.hpp"
#include "actors/writer/checkpoint/copier_thread.hpp"
#include "onewriter/options.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace onewriter {

/// Decides when the log is copied into the file, and by whom: by a thread of
/// its own, beside the writer, which then finishes what is left between two
/// turns. Belongs to the writer's thread, which calls it between turns only.
class checkpointer {
public:
  /// `made` counts the checkpoints. `when_copied` is called on another thread
  /// when `keep_up` has something to do.
  checkpointer(sqlite::connection& db, const options& opts, gauge& made,
               std::function<void()> when_copied);

  /// Does what is due: starts a copy, looks at the outcome of one, finishes a
  /// checkpoint. Errors: those of `run`; after `ec::disk_full` the log has kept
  /// its pages, and the next call may succeed.
  [[nodiscard]] caf::error keep_up();

  /// Makes a checkpoint on this thread, after it has stopped a copy. One that
  /// truncates the log waits for readers, at most the busy timeout. Errors:
  /// those of `sqlite::connection::checkpoint`, and that of a failed copy.
  [[nodiscard]] caf::expected<checkpoint_receipt> run(bool truncate);

  /// Stops a copy and closes its connections. Must be called before the writer
  /// closes its own, which would not remove the log otherwise. Error: a copy
  /// has failed so that the index of the log is suspect, which `db` knows then.
  [[nodiscard]] caf::error stop();

private:
  caf::error begin();

  bool start_copy();

  void give_up_copying(const caf::error& reason);

  caf::error after_copy();

  caf::error take_copy();

  caf::error go_on();

  caf::error finish();

  caf::expected<checkpoint_receipt> make(bool truncate);

  bool is_due() const;

  bool is_copying() const;

  bool is_far_ahead() const;

  bool is_over_limit(int64_t pages) const;

  sqlite::log_progress progress() const;

  sqlite::connection& db_;
  sqlite::connection_options how_;
  gauge& made_;
  std::function<void()> when_copied_;
  log_sink log_;
  int64_t pages_between_;
  uint64_t limit_bytes_;
  uint64_t page_bytes_;
  // Pages that are not copied yet, of the log or of its last generation, at
  // which the next attempt is due.
  int64_t due_at_rest_;
  std::unique_ptr<copier_thread> copier_;
  // When the copy started.
  sqlite::log_progress before_;
  // Whether readers kept the last copy from what was there when it started.
  bool is_blocked_ = false;
  // Whether the last copy failed, which is in the log.
  bool has_given_up_ = false;
};

} // namespace onewriter
