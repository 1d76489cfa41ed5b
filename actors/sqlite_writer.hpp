#pragma once

#include "actors/internal.hpp"
#include "actors/sqlite/file_guard.hpp"
#include "actors/sqlite/owner_lock.hpp"
#include "actors/work_pool.hpp"

#include <atomic>
#include <memory>
#include <optional>

namespace onewriter {

/// What one incarnation of the writer leaves to the next. Used by one of them
/// at a time, and by the supervisor and the database when there is none.
struct writer_estate {
  /// Keeps other processes from owning the file, also while the writer is
  /// restarted.
  std::unique_ptr<sqlite::owner_lock> lock;
  /// Whether a writer has had the file open.
  bool was_open = false;
  /// Whether the last failure is one that restarting cannot mend.
  std::atomic<bool> hopeless{false};
  /// Whether the next writer may open the file only when every other connection
  /// is closed; see `reader_gate`.
  bool is_index_suspect = false;
  /// Whether the last failure came of one request, which answers for it alone.
  std::atomic<bool> came_of_request{false};
  /// What the writer has answered; the database lets go of it.
  work_pool pool;
  /// Which files were open; empty before they were.
  std::optional<sqlite::known_files> files;
  /// Number of the last commit that was acknowledged, 0 where none was.
  uint64_t last_commit = 0;
};

/// Starts the actor that owns the only connection that writes; on a thread of
/// its own, unless `options::thread` says otherwise.
///
/// It opens the file, says `writer_ready` to `database` and then works in
/// turns: it collects the requests that its mailbox holds until a marker comes
/// round that it has sent to itself, runs them in policy order in one
/// transaction, commits, and replies. A request that runs out of memory or
/// throws is undone alone. A failing connection, or an exception outside of
/// requests, ends it in the way that `writer_failed` describes: the request
/// that ran then runs once more, alone, before it gets the error. `last_reason`
/// says how the one before it ended.
sqlite_writer_actor
spawn_sqlite_writer(caf::actor_system& sys, database_core_actor database,
                    std::shared_ptr<const options> opts, gauges_ptr shared,
                    std::shared_ptr<writer_estate> estate,
                    caf::error last_reason);

} // namespace onewriter
