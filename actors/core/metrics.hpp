#pragma once

#include "actors/core/reader_gate.hpp"
#include "actors/policy/histogram.hpp"
#include "actors/policy/lane.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace onewriter {

/// A number that one thread at a time changes and any thread reads. Not an
/// atomic increment: that would cost a bus lock for every request.
class gauge {
public:
  void set(uint64_t x) {
    value_.store(x, std::memory_order_relaxed);
  }

  void add(uint64_t x) {
    set(get() + x);
  }

  uint64_t get() const {
    return value_.load(std::memory_order_relaxed);
  }

private:
  std::atomic<uint64_t> value_{0};
};

/// A moment that one thread at a time changes and any thread reads; may be
/// unset.
class moment_gauge {
public:
  using clock = std::chrono::steady_clock;

  void set(clock::time_point x) {
    ticks_.store(x.time_since_epoch().count(), std::memory_order_relaxed);
  }

  void clear() {
    ticks_.store(0, std::memory_order_relaxed);
  }

  /// Returns the time since the moment, zero if it is unset.
  std::chrono::nanoseconds age(clock::time_point now) const {
    auto ticks = ticks_.load(std::memory_order_relaxed);
    if (ticks == 0)
      return std::chrono::nanoseconds{0};
    return now - clock::time_point{clock::duration{ticks}};
  }

private:
  std::atomic<clock::rep> ticks_{0};
};

/// The writer's metrics, for `statistics` and for back-pressure: the database
/// reads them at any time, also while SQLite is busy. One writer at a time
/// changes them; the next one continues where the last stopped, after the
/// database has handled its end.
struct writer_metrics {
  /// Answered requests of the database's clients, and the bytes they were
  /// admitted with. The difference to the admitted requests is pending.
  gauge finished;
  gauge finished_bytes;
  gauge acknowledged;
  gauge failed;
  gauge expired;
  gauge unknown;
  std::array<gauge, lane_count> depth;
  moment_gauge oldest_pending;
  gauge commits;
  gauge committed_requests;
  gauge batches_repeated;
  gauge lock_waits;
  gauge slow_statements;
  gauge checkpoints;
  gauge dead_letters;
  /// 1 while writes have waited for too long (CoDel).
  gauge overloaded;
  /// From the arrival at the database to the reply, per lane.
  std::array<histogram, lane_count> latencies;
};

/// The metrics of one reader; changed by that reader only.
struct reader_metrics {
  gauge queries;
  gauge searches;
  gauge failed;
  /// When the running query or cursor took its snapshot.
  moment_gauge reading_since;
  histogram query_latency;
  histogram search_latency;
};

/// All data that threads share, apart from messages. `readers` and `cursors`
/// never change in size.
struct metrics {
  explicit metrics(size_t reader_count, size_t cursor_count) {
    for (size_t index = 0; index < reader_count; ++index)
      readers.push_back(std::make_unique<reader_metrics>());
    for (size_t index = 0; index < cursor_count; ++index)
      cursors.push_back(std::make_unique<moment_gauge>());
  }

  writer_metrics writer;
  std::vector<std::unique_ptr<reader_metrics>> readers;
  /// When each open cursor took its snapshot.
  std::vector<std::unique_ptr<moment_gauge>> cursors;
  /// When the running backup or integrity check took its snapshot.
  moment_gauge maintenance;
  reader_gate gate;
  /// True once a database that is being closed refuses what it has accepted:
  /// then running requests are stopped, with `ec::closed`. Set by the database.
  std::atomic<bool> refuses_rest{false};
  /// Changed by the reader pool.
  gauge waiting_queries;
  gauge open_cursors;
  /// Changed by the indexer.
  gauge index_jobs;
};

using metrics_ptr = std::shared_ptr<metrics>;

} // namespace onewriter
