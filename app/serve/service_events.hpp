#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace onewriter::node {

/// What a service reacts to.
enum class service_event : uint8_t {
  /// SIGTERM or SIGINT: finish what waits, and end.
  stop,
  /// SIGHUP: read the configuration again.
  reload,
  /// A database has given up.
  database_failed,
  /// All databases are closed.
  closed,
};

/// Signals and other events, in the order in which they come. A `signal_shield`
/// has to be there before.
class service_events {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// `second_stop` is called at the second SIGTERM or SIGINT, on a thread of
  /// this object.
  explicit service_events(std::function<void()> second_stop);

  service_events(const service_events&) = delete;

  service_events& operator=(const service_events&) = delete;

  ~service_events();

  /// Adds an event. Any thread may call it.
  void push(service_event what);

  /// Blocks until there is an event, or until `limit`, if there is one.
  [[nodiscard]] std::optional<service_event>
  wait_until(const std::optional<time_point>& limit);

private:
  void wait_for_signals();

  std::function<void()> second_stop_;
  std::mutex mutex_;
  std::condition_variable is_filled_;
  std::deque<service_event> events_;
  std::atomic<bool> done_{false};
  std::thread thread_;
};

} // namespace onewriter::node
