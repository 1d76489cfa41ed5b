#pragma once

#include <string>

namespace onewriter::test {

/// What happens when the write-ahead log is synced the next time.
enum class sync_fault {
  none,
  /// It is synced, and SQLite is told that it was not.
  reported,
  /// It is not synced, and SQLite is told so.
  real,
};

/// A VFS that passes everything on to SQLite's default, but for the faults that
/// it is asked for. Registered under `name` for as long as it lives; the files
/// opened through it must be closed before.
class faulty_vfs {
public:
  faulty_vfs();

  faulty_vfs(const faulty_vfs&) = delete;

  faulty_vfs& operator=(const faulty_vfs&) = delete;

  ~faulty_vfs();

  /// For `options::vfs`.
  static constexpr const char* name = "onewriter-faulty";

  /// Makes the next sync of a log fail, from any thread.
  static void fail_next_sync(sync_fault what);

  /// How many syncs have failed so far.
  static int failed_syncs();
};

} // namespace onewriter::test
