#pragma once

#include <atomic>
#include <functional>
#include <thread>

#include <signal.h>

namespace onewriter {

/// Blocks the signals that ask a program to stop in all threads but the one of
/// `stop_signal`. Must be created before all other threads, which inherit the
/// mask.
class signal_shield {
public:
  signal_shield();
};

/// Waits for SIGINT, SIGTERM and SIGHUP on its own thread, without a signal
/// handler, so callbacks may do anything.
class stop_signal {
public:
  /// The callbacks, each called on the object's thread.
  struct reactions {
    /// At the first signal.
    std::function<void()> first;
    /// At the second one.
    std::function<void()> second;
    /// Before the process is stopped, to be continued later (Ctrl-Z).
    std::function<void()> pause;
    /// Asked before the first two with the number of a signal: true means that
    /// it was no request to stop. May be empty.
    std::function<bool(int)> intercept = nullptr;
  };

  explicit stop_signal(reactions what);

  stop_signal(const stop_signal&) = delete;

  stop_signal& operator=(const stop_signal&) = delete;

  ~stop_signal();

private:
  void wait();

  reactions what_;
  std::atomic<bool> done_{false};
  std::thread thread_;
};

} // namespace onewriter
