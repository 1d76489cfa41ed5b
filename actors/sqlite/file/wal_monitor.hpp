#pragma once

#include <cstdint>

struct sqlite3;

namespace onewriter::sqlite {

/// Watches the size of the write-ahead log. SQLite reports it after each commit
/// of the connection (https://sqlite.org/c3ref/wal_hook.html); unlike SQLite's
/// own hook it never checkpoints.
class wal_monitor {
public:
  wal_monitor() = default;

  wal_monitor(const wal_monitor&) = delete;

  wal_monitor& operator=(const wal_monitor&) = delete;

  /// Has to outlive `db`.
  void install(sqlite3* db);

  /// Pages in the log after the last commit; 0 after `checkpointed`.
  int64_t pages() const {
    return pages_;
  }

  /// Records that all pages have been copied into the file.
  void checkpointed() {
    pages_ = 0;
  }

private:
  static int committed(void* self, sqlite3* db, const char* name, int pages);

  int64_t pages_ = 0;
};

} // namespace onewriter::sqlite
