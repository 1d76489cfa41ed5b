#pragma once

#include "actors/policy/alert_rules.hpp"
#include "onewriter/alert.hpp"
#include "onewriter/options.hpp"
#include "onewriter/statistics.hpp"

#include <functional>
#include <vector>

namespace onewriter {

/// Compares statistics with their thresholds. Belongs to the database actor.
class alert_monitor {
public:
  explicit alert_monitor(const alert_options& thresholds);

  /// Returns the alerts that `now` raises or clears, compared with the last
  /// call.
  std::vector<alert> check(const statistics& now);

  /// Returns an alert for each that is raised.
  std::vector<alert> raised() const;

private:
  struct watch {
    alert_kind kind;
    alert_rule rule;
    // What is compared with the threshold, given the statistics of the last
    // check and of this one.
    std::function<double(const statistics& before, const statistics& now)>
      measure;
    // The message; `#` stands for the measured value.
    const char* meaning;
    double last = 0;
  };

  static alert make_alert(const watch& x, bool raised);

  std::vector<watch> watches_;
  statistics before_;
};

} // namespace onewriter
