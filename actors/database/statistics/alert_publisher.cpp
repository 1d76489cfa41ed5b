#include "actors/database/statistics/alert_publisher.hpp"

#include "actors/support/guarded_log.hpp"
#include "onewriter/compat/messaging.hpp"

#include <utility>

namespace onewriter {

alert_publisher::alert_publisher(const alert_options& thresholds, log_sink log)
  : monitor_{thresholds},
    log_{std::move(log)} {
  // nop
}

void alert_publisher::check(const statistics& now) {
  for (auto& x : monitor_.check(now)) {
    if (x.raised)
      log_guarded(log_, log_level::warning,
                  [&] { return "alert: " + x.message; });
    for (auto& listener : subscribers_)
      compat::anon_send(listener, x);
  }
}

bool alert_publisher::add(const caf::actor& listener) {
  return listener && subscribers_.insert(listener).second;
}

void alert_publisher::send_raised(const caf::actor& listener) const {
  for (auto& x : monitor_.raised())
    compat::anon_send(listener, x);
}

void alert_publisher::remove(const caf::actor_addr& listener) {
  for (auto i = subscribers_.begin(); i != subscribers_.end(); ++i)
    if (i->address() == listener) {
      subscribers_.erase(i);
      return;
    }
}

void alert_publisher::remove_all() {
  subscribers_.clear();
}

} // namespace onewriter
