#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>

struct sqlite3_vfs;

namespace onewriter::test {

/// A VFS (https://sqlite.org/vfs.html) over SQLite's default one, registered
/// while it lives, whose reads of databases and their logs fail or wait when a
/// test says so: a disk that breaks, and a disk that takes its time. All of it
/// may be used from any thread.
class shim_vfs {
public:
  shim_vfs();

  shim_vfs(const shim_vfs&) = delete;

  shim_vfs& operator=(const shim_vfs&) = delete;

  /// All files that were opened through it have to be closed.
  ~shim_vfs();

  /// Goes into `options::vfs`.
  const std::string& name() const {
    return name_;
  }

  /// Makes the next `count` reads fail with SQLITE_IOERR_READ.
  void fail_reads(size_t count);

  /// Makes all reads wait until `release`.
  void hold_reads();

  /// Blocks until `count` reads wait. Returns false if that takes too long.
  bool wait_for_held(size_t count);

  void release_reads();

  // -- for the implementation only ------------------------------------------------

  /// Called for each read; returns whether it fails.
  bool on_read();

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t failing_ = 0;
  size_t held_ = 0;
  bool holding_ = false;
  std::string name_;
  std::unique_ptr<sqlite3_vfs> vfs_;
};

} // namespace onewriter::test
