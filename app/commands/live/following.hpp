#pragma once

#include "app/commands/interruption.hpp"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace onewriter::node {

/// The end of a command that goes on until the user stops it, which is no
/// failure then. The second signal stops it like any other command.
class following {
public:
  explicit following(interruption& stop);

  following(const following&) = delete;

  following& operator=(const following&) = delete;

  ~following();

  /// Waits until `limit` has passed, the user stops the command, or `wake` is
  /// called.
  void wait(std::chrono::nanoseconds limit);

  /// Ends a wait. Any thread may call it.
  void wake();

  [[nodiscard]] bool is_over() const;

private:
  interruption& stop_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool is_awake_ = false;
  bool is_over_ = false;
};

} // namespace onewriter::node
