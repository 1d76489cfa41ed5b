#pragma once

#include "tests/fault/inject/fault_point.hpp"
#include "tests/fault/inject/synced_log.hpp"

#include <array>
#include <mutex>
#include <optional>
#include <string>

namespace onewriter::test {

/// How often each kind of operation was asked for.
using io_counts = std::array<uint64_t, io_count>;

/// A disk that fails at one point. Its power is never cut, so it does not sync
/// anything. All functions may be called from any thread.
class faulty_disk : private io_observer {
public:
  /// Goes into `options::vfs`.
  const std::string& name() const {
    return vfs_.name();
  }

  /// Counts the operations on files in `folder` from now on, and lets them fail
  /// where `point` says; without a point none fails.
  void start(const std::string& folder, std::optional<fault_point> point);

  /// Switches the fault off, and counts no further.
  void stop();

  /// How many operations have failed since the start.
  uint64_t failed() const;

  io_counts counts() const;

private:
  io_verdict before(const io_call& what) override;

  void after(const io_call& what) override;

  bool is_due(const io_call& what, uint64_t number) const;

  io_verdict failure(const io_call& what);

  mutable std::mutex mutex_;
  std::string folder_;
  std::optional<fault_point> point_;
  bool counting_ = false;
  uint64_t failed_ = 0;
  io_counts counts_{};
  synced_log log_;
  shim_vfs vfs_{*this};
};

} // namespace onewriter::test
