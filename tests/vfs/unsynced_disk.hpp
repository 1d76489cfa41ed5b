#pragma once

#include "tests/vfs/shim_vfs.hpp"

#include <atomic>
#include <string>

namespace onewriter::test {

/// What happens when the write-ahead log is synced the next time.
enum class sync_fault {
  none,
  /// It is synced, and SQLite gets an error.
  reported,
  /// It is not synced, and SQLite gets an error.
  real,
};

/// A disk that fails to sync a log when a test says so, from any thread.
class unsynced_disk : private io_observer {
public:
  /// Goes into `options::vfs`.
  const std::string& name() const {
    return vfs_.name();
  }

  /// Makes the next sync of a log fail.
  void fail_next_sync(sync_fault what) {
    next_ = what;
  }

  /// How many syncs have failed so far.
  int failed_syncs() const {
    return failed_;
  }

private:
  io_verdict before(const io_call& what) override;

  std::atomic<sync_fault> next_{sync_fault::none};
  std::atomic<int> failed_{0};
  shim_vfs vfs_{*this};
};

} // namespace onewriter::test
