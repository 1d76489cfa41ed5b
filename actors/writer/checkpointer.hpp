#pragma once

#include "actors/sqlite/connection.hpp"
#include "onewriter/options.hpp"

#include <cstdint>

namespace onewriter {

/// Decides when the writer copies the log into the file. No other connection
/// may: see https://sqlite.org/wal.html#walresetbug.
class checkpointer {
public:
  checkpointer(sqlite::connection& db, const options& opts)
    : db_{db},
      pages_between_{opts.checkpoint_pages},
      limit_bytes_{opts.wal_limit_bytes},
      page_bytes_{static_cast<uint64_t>(db.page_size())},
      // If the log has not been checked yet, a checkpoint may be due at once;
      // if the last one failed, the next one is not.
      due_at_pages_{db.wal_pages() + pages_between_} {
    // nop
  }

  bool is_due() const {
    return db_.wal_pages() >= due_at_pages_;
  }

  /// Makes a checkpoint that does not wait or, if the log has grown beyond its
  /// limit, one that waits for readers and truncates the log to zero bytes.
  [[nodiscard]] caf::expected<checkpoint_receipt> run() {
    auto log_bytes = static_cast<uint64_t>(db_.wal_pages()) * page_bytes_;
    return run(log_bytes > limit_bytes_);
  }

  [[nodiscard]] caf::expected<checkpoint_receipt> run(bool truncate) {
    auto result = db_.checkpoint(truncate ? sqlite::checkpoint_mode::truncate
                                          : sqlite::checkpoint_mode::passive);
    // If a reader blocks it, the next attempt is as many pages later.
    due_at_pages_ = db_.wal_pages() + pages_between_;
    return result;
  }

private:
  sqlite::connection& db_;
  int64_t pages_between_;
  uint64_t limit_bytes_;
  uint64_t page_bytes_;
  int64_t due_at_pages_;
};

} // namespace onewriter
