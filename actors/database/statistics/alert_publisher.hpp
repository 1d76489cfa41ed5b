#pragma once

#include "actors/database/statistics/alert_monitor.hpp"
#include "onewriter/log.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>

#include <set>

namespace onewriter {

/// Tells subscribers and the log of alerts. Belongs to the database actor.
class alert_publisher {
public:
  alert_publisher(const alert_options& thresholds, log_sink log);

  /// Publishes the alerts that `now` raises or clears, compared with the last
  /// call.
  void check(const statistics& now);

  /// Returns whether `listener` is a new subscriber.
  [[nodiscard]] bool add(const caf::actor& listener);

  /// Sends `listener` an alert for each that is raised.
  void send_raised(const caf::actor& listener) const;

  void remove(const caf::actor_addr& listener);

  void remove_all();

private:
  alert_monitor monitor_;
  log_sink log_;
  std::set<caf::actor> subscribers_;
};

} // namespace onewriter
