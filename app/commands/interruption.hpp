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

  /// Sets what is asked about each signal before it counts as a request, on its
  /// caller's thread: true means that it is none. No call is under way any more
  /// when this returns.
  void intercept(std::function<bool(int signal)> how);

  /// Whether `signal` is no request to stop.
  [[nodiscard]] bool is_intercepted(int signal) const;

private:
  mutable std::mutex mutex_;
  bool requested_ = false;
  std::function<void()> how_;
  std::function<bool(int)> intercept_;
};

} // namespace onewriter::node
