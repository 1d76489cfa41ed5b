#pragma once

#include "tests/vfs/shim_vfs.hpp"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>

namespace onewriter::test {

/// A disk with a gate at which calls wait that a test is interested in. All
/// functions may be called from any thread.
class gated_disk : private io_observer {
public:
  using predicate = std::function<bool(const io_call&)>;

  ~gated_disk() override;

  /// Goes into `options::vfs`.
  const std::string& name() const {
    return vfs_.name();
  }

  /// Holds each call from now on for which `which` returns true, before it has
  /// an effect. Calls that are held already are released.
  void hold(predicate which);

  /// Blocks until a call is held since the last `hold`. Returns false if that
  /// takes too long.
  bool wait_for_held();

  /// Releases the calls that are held, and holds none any more.
  void release();

  /// Makes the next call for which `which` returns true fail with `code`, and
  /// without effect.
  void fail_next(predicate which, int code);

  /// Returns whether that has happened.
  bool has_failed();

private:
  io_verdict before(const io_call& what) override;

  std::mutex mutex_;
  std::condition_variable changed_;
  predicate which_;
  // Counts `hold` and `release`.
  size_t generation_ = 0;
  size_t held_ = 0;
  predicate failing_;
  int code_ = 0;
  shim_vfs vfs_{*this};
};

} // namespace onewriter::test
