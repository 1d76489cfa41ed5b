#pragma once

#include "actors/core/database_core.hpp"
#include "actors/core/metrics.hpp"
#include "actors/database/statistics/slow_requests.hpp"
#include "onewriter/statistics.hpp"

#include <chrono>
#include <deque>
#include <string>

namespace onewriter {

/// Computes `statistics` from the metrics of one database's actors, and from
/// what they report once in a while. Never waits. Belongs to the database
/// actor.
class statistics_collector {
public:
  using clock = std::chrono::steady_clock;

  statistics_collector(metrics_ptr shared, std::string path);

  /// Fills in all values from the metrics, the reports and the file system.
  statistics collect(clock::time_point now) const;

  /// Records the counters, for rates. Must be called regularly.
  void sample(clock::time_point now);

  /// Returns how many requests per second were committed, as of the last
  /// `sample`.
  double requests_per_second() const {
    return requests_per_second_;
  }

  void count_writer_restart() {
    ++writer_restarts_;
  }

  void count_reader_restart() {
    ++reader_restarts_;
  }

  void count_turned_away(const process_turned_away& what);

  /// Reports a write that may have taken longer than any before.
  void note_longest(const longest_write& what);

  /// Reports a request that took longer than the threshold.
  void note_slow(const slow_statement_seen& what);

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
  double requests_per_second_ = 0;
  uint64_t writer_restarts_ = 0;
  uint64_t reader_restarts_ = 0;
  longest_write longest_;
  uint64_t dropped_processes_ = 0;
  uint64_t refused_processes_ = 0;
  std::string last_turned_away_;
  slow_requests slow_;
};

} // namespace onewriter
