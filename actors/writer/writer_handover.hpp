#pragma once

#include "actors/core/pending_write_pool.hpp"
#include "actors/sqlite/file/file_guard.hpp"
#include "actors/sqlite/file/owner_lock.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

namespace onewriter {

/// The state that one incarnation of the writer passes to the next. Used by one
/// of them at a time, and by the supervisor and the database when there is
/// none.
struct writer_handover {
  /// Prevents other processes from owning the file, also while the writer is
  /// restarted.
  std::unique_ptr<sqlite::owner_lock> lock;
  /// Whether a writer has had the file open.
  bool was_open = false;
  /// Whether the last failure is permanent, so that restarting cannot help.
  std::atomic<bool> permanent_failure{false};
  /// Whether the next writer may open the file only when every other connection
  /// is closed; see `reader_gate`.
  bool is_index_suspect = false;
  /// Whether one request caused the last failure, which is then answered alone.
  std::atomic<bool> came_of_request{false};
  /// Requests that the writer has answered; the database releases them.
  pending_write_pool pool;
  /// Which files were open; empty before they were.
  std::optional<sqlite::known_files> files;
  /// Number of the last commit that was acknowledged, 0 if none was.
  uint64_t last_commit = 0;
};

} // namespace onewriter
