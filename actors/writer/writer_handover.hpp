#pragma once

#include "actors/sqlite/file_guard.hpp"
#include "actors/sqlite/owner_lock.hpp"
#include "actors/writer/pending_write_pool.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

namespace onewriter {

/// What one incarnation of the writer leaves to the next. Used by one of them
/// at a time, and by the supervisor and the database when there is none.
struct writer_handover {
  /// Keeps other processes from owning the file, also while the writer is
  /// restarted.
  std::unique_ptr<sqlite::owner_lock> lock;
  /// Whether a writer has had the file open.
  bool was_open = false;
  /// Whether the last failure is one that restarting cannot mend.
  std::atomic<bool> permanent_failure{false};
  /// Whether the next writer may open the file only when every other connection
  /// is closed; see `reader_gate`.
  bool is_index_suspect = false;
  /// Whether the last failure came of one request, which answers for it alone.
  std::atomic<bool> came_of_request{false};
  /// What the writer has answered; the database lets go of it.
  pending_write_pool pool;
  /// Which files were open; empty before they were.
  std::optional<sqlite::known_files> files;
  /// Number of the last commit that was acknowledged, 0 where none was.
  uint64_t last_commit = 0;
};

} // namespace onewriter
