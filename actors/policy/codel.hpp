#pragma once

#include <chrono>
#include <optional>

namespace onewriter {

/// When a queue counts as overloaded.
///
/// The defaults are far longer than those of a network. Callers limit their
/// waits with deadlines. And another process may hold the lock of the file for
/// seconds: the backlog after that is processed quickly and is no reason to
/// refuse requests. This rule is for queues that do not get shorter any more.
struct codel_options {
  /// Waiting time that is still tolerable; zero (or less) turns detection off.
  /// Default: 5 s, the busy timeout that many SQLite programs use.
  std::chrono::nanoseconds target = std::chrono::seconds{5};

  /// How long even the shortest waiting time must be above the target; zero
  /// means that once is enough. Default: 10 s, twice the target, so that a
  /// stall of about the length of the target has no effect.
  std::chrono::nanoseconds interval = std::chrono::seconds{10};
};

/// Distinguishes a burst from an overload like CoDel: a queue of any length is
/// fine as long as an item passes quickly now and then.
///
/// Takes constant time and memory. Belongs to one thread, which passes the
/// time.
class codel {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit codel(const codel_options& options = {});

  /// Records that an item leaves the queue at `now` after it has waited for
  /// `waited`. Overload begins when all items of an interval have waited for
  /// longer than the target, and ends with the first that has not.
  void observe(time_point now, std::chrono::nanoseconds waited);

  /// Records that the queue is empty at `now`, which ends an overload.
  void idle(time_point now);

  bool overloaded() const {
    return overloaded_;
  }

private:
  codel_options options_;
  // Since when all items have waited for too long.
  std::optional<time_point> slow_since_;
  bool overloaded_ = false;
};

} // namespace onewriter
