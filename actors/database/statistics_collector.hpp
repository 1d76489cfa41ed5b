#pragma once

#include "actors/core/metrics.hpp"
#include "onewriter/statistics.hpp"

#include <chrono>
#include <deque>
#include <string>

namespace onewriter {

/// Computes `statistics` from the metrics of one database's actors. Never
/// waits. Belongs to the database actor.
class statistics_collector {
public:
  using clock = std::chrono::steady_clock;

  statistics_collector(metrics_ptr shared, std::string path);

  /// Fills in all values from the metrics and the file system.
  statistics collect(clock::time_point now) const;

  /// Records the counters, for rates. Must be called regularly.
  void sample(clock::time_point now);

private:
  struct sample_point {
    clock::time_point when;
    uint64_t requests = 0;
    uint64_t commits = 0;
  };

  void add_readers(statistics& to, clock::time_point now) const;

  void add_rates(statistics& to, clock::time_point now) const;

  metrics_ptr shared_;
  std::string path_;
  std::deque<sample_point> samples_;
};

} // namespace onewriter
