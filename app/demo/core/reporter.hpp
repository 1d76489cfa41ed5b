#pragma once

#include "app/demo/core/node_messages.hpp"

#include <chrono>

namespace onewriter::node {

/// Collects what one actor does, and reports to the scoreboard a few times a
/// second.
class reporter {
public:
  using clock = std::chrono::steady_clock;

  explicit reporter(scoreboard_actor to) : to_{std::move(to)} {
    // nop
  }

  /// Notes that a request which was sent at `started` has been answered. It
  /// belongs to a stage only if that is the same at both times.
  void done(activity what, clock::time_point started, stage then, stage now);

  void done(activity what, clock::time_point started) {
    done(what, started, stage::unmeasured, stage::unmeasured);
  }

  /// Notes something that no caller waits for.
  void sent(activity what);

  void failed(activity what, const caf::error& why);

  /// Reports to the scoreboard what was noted.
  void flush();

private:
  void flush_if_due();

  scoreboard_actor to_;
  report pending_;
  clock::time_point last_ = clock::now();
};

/// How long to wait before asking again, after `why`.
[[nodiscard]] std::chrono::nanoseconds pause_after(const caf::error& why);

} // namespace onewriter::node
