#pragma once

#include <chrono>
#include <optional>

namespace onewriter {

/// When a queue counts as overloaded.
///
/// The defaults are far more patient than those of a network. A caller who
/// cannot wait says so with a deadline, which is the better judge of what is
/// too long. And another process may rightly hold the lock of the file for
/// seconds: the backlog that it leaves is worked off within moments and is no
/// reason to turn anybody away. What is left for this rule is the queue that
/// does not get shorter any more.
struct codel_options {
  /// Waiting time that is still tolerable; zero (or less) turns detection off.
  /// Default: 5 s, the busy timeout that many SQLite programs use.
  std::chrono::nanoseconds target = std::chrono::seconds{5};

  /// For how long even the shortest waiting time must be above the target; zero
  /// means that once is enough. Default: 10 s, twice the target, so that a
  /// stall of about the length of the target passes unpunished.
  std::chrono::nanoseconds interval = std::chrono::seconds{10};
};

/// Tells a burst from an overload in the manner of CoDel: however long the
/// queue is, all is well while now and then an item passes quickly.
///
/// Takes constant time and memory. Belongs to one thread, which brings the
/// time.
class codel {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit codel(const codel_options& options = {});

  /// Takes note that an item leaves the queue at `now` after it has waited for
  /// `waited`. Overload begins when everything observed for an interval has
  /// waited for longer than the target, and ends with the first that has not.
  void observe(time_point now, std::chrono::nanoseconds waited);

  /// Takes note that the queue is empty at `now`, which ends an overload.
  void idle(time_point now);

  bool overloaded() const {
    return overloaded_;
  }

private:
  codel_options options_;
  // Since when everything has waited for too long.
  std::optional<time_point> slow_since_;
  bool overloaded_ = false;
};

} // namespace onewriter
