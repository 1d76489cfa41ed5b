#pragma once

#include "actors/console/stop_signal.hpp"
#include "onewriter/protocol.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace onewriter::node {

/// What a service reacts to.
struct service_event {
  enum kind : uint8_t {
    /// SIGTERM or SIGINT: finish what waits, and end.
    stop,
    /// SIGHUP: read the configuration again.
    reload,
    /// A database is open.
    opened,
    /// A database has given up, and is opened again after `pause`.
    down,
    /// A database has given up, and is not opened again.
    lost,
    /// Databases have given up too often: none is opened again.
    failed,
    /// All databases are closed.
    closed,
  };

  enum kind what = stop;
  std::string database{};
  /// Where it is open: its keeper, and what requests are sent to.
  caf::actor keeper{};
  database_actor handle{};
  /// Why it is not.
  caf::error reason{};
  std::chrono::nanoseconds pause{0};
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

  /// Adds an event. Any thread may call it.
  void push(service_event what);

  /// Blocks until there is an event, or until `limit`, if there is one.
  [[nodiscard]] std::optional<service_event>
  wait_until(const std::optional<time_point>& limit);

private:
  std::mutex mutex_;
  std::condition_variable is_filled_;
  std::deque<service_event> events_;
  // Uses the others on its thread.
  stop_signal signals_;
};

} // namespace onewriter::node
