#pragma once

#include "tests/vfs/shim_vfs.hpp"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>

namespace onewriter::test {

/// A disk whose reads of databases and their logs fail or wait when a test says
/// so. All functions may be called from any thread.
class held_disk : private io_observer {
public:
  ~held_disk() override;

  /// Goes into `options::vfs`.
  const std::string& name() const {
    return vfs_.name();
  }

  /// Makes the next `count` reads fail with SQLITE_IOERR_READ.
  void fail_reads(size_t count);

  /// Makes all reads wait until `release_reads`.
  void hold_reads();

  /// Blocks until `count` reads wait. Returns false if that takes too long.
  bool wait_for_held(size_t count);

  void release_reads();

private:
  io_verdict before(const io_call& what) override;

  std::mutex mutex_;
  std::condition_variable changed_;
  size_t failing_ = 0;
  size_t held_ = 0;
  bool holding_ = false;
  shim_vfs vfs_{*this};
};

} // namespace onewriter::test
