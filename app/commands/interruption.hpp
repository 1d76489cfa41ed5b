#pragma once

#include <functional>
#include <mutex>

namespace onewriter::node {

/// Whether the user has asked a command to stop, and what happens then. Any
/// thread may call any function.
class interruption {
public:
  [[nodiscard]] bool requested() const;

  /// Asks the command to stop.
  void request();

  /// Sets what `request` calls, on its caller's thread; at once where the
  /// request has come before. No call is under way any more when this returns.
  void react(std::function<void()> how);

private:
  mutable std::mutex mutex_;
  bool requested_ = false;
  std::function<void()> how_;
};

} // namespace onewriter::node
