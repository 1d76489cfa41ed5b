#pragma once

#include "tests/vfs/shim_vfs.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace onewriter::test {

/// A disk whose syncs of a database file can be made to fail as those of some
/// operating systems do: what was written to the file since its last sync is
/// gone then, and the next sync succeeds. Logs and all other files are left
/// alone.
///
/// Reads and writes the file through a descriptor of its own, which it keeps
/// until it ends: closing one would take SQLite's locks away.
class forgetful_disk : private io_observer {
public:
  ~forgetful_disk() override;

  /// Goes into `options::vfs`.
  const std::string& name() const {
    return vfs_.name();
  }

  /// Makes the next sync of a database file fail.
  void fail_next_sync() {
    fails_next_ = true;
  }

  /// Returns whether that has happened.
  bool has_failed() const {
    return !fails_next_;
  }

  /// Makes `copy` what a loss of power would leave of the file at `path`: all
  /// but what is not synced.
  void copy_synced(const std::string& path, const std::string& copy);

private:
  struct old_bytes {
    int64_t offset;
    size_t length;
    // Less than `length` where the file ended.
    std::vector<char> content;
  };

  struct open_file {
    int descriptor = -1;
    // What unsynced writes have written over, in order.
    std::vector<old_bytes> unsynced;
  };

  io_verdict before(const io_call& what) override;

  open_file& file_at(const std::string& path);

  void note_write(const io_call& what);

  static void undo(const std::vector<old_bytes>& writes, int descriptor);

  std::mutex mutex_;
  std::map<std::string, open_file> files_;
  std::atomic<bool> fails_next_{false};
  shim_vfs vfs_{*this};
};

} // namespace onewriter::test
