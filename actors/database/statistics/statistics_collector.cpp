#include "actors/database/statistics/statistics_collector.hpp"

#include "actors/sqlite/file/files.hpp"
#include "actors/support/thrown.hpp"
#include "actors/support/wall_clock.hpp"

#include <algorithm>

namespace onewriter {

namespace {

// Rates are those of the last three seconds: steady enough to read, and up to
// date.
constexpr auto rate_window = std::chrono::seconds{3};

latency latency_of(const histogram& x) {
  latency result;
  result.count = x.count();
  result.p50 = x.quantile(0.50);
  result.p99 = x.quantile(0.99);
  result.max = x.max();
  return result;
}

} // namespace

statistics_collector::statistics_collector(metrics_ptr shared, std::string path)
  : shared_{std::move(shared)},
    path_{std::move(path)} {
  // nop
}

statistics statistics_collector::collect(clock::time_point now) const {
  auto& from = shared_->writer;
  auto depth = [&](lane x) {
    return from.depth[lane_index(x)].get();
  };
  auto quantiles = [&](lane x) {
    return latency_of(from.latencies[lane_index(x)]);
  };
  statistics result;
  result.writes.acknowledged = from.acknowledged.get();
  result.writes.failed = from.failed.get();
  result.writes.expired = from.expired.get();
  result.depth_urgent = depth(lane::urgent);
  result.depth_normal = depth(lane::normal);
  result.depth_best_effort = depth(lane::best_effort);
  result.depth_chunk = depth(lane::chunk);
  result.depth_background = depth(lane::background);
  result.oldest_pending = from.oldest_pending.age(now);
  result.commits = from.commits.get();
  result.committed_requests = from.committed_requests.get();
  result.write_latency = quantiles(lane::normal);
  result.urgent_latency = quantiles(lane::urgent);
  result.background_latency = quantiles(lane::background);
  result.best_effort_latency = quantiles(lane::best_effort);
  result.chunk_latency = quantiles(lane::chunk);
  result.dead_letters = from.dead_letters.get();
  result.batches_repeated = from.batches_repeated.get();
  result.lock_waits = from.lock_waits.get();
  result.slow_statements = from.slow_statements.get();
  result.checkpoints = from.checkpoints.get();
  result.wal_bytes = sqlite::wal_size(path_);
  result.database_bytes = sqlite::file_bytes(path_);
  result.index_jobs = shared_->index_jobs.get();
  result.writer_restarts = writer_restarts_;
  result.reader_restarts = reader_restarts_;
  result.longest = longest_;
  result.dropped_processes = dropped_processes_;
  result.refused_processes = refused_processes_;
  result.last_turned_away = last_turned_away_;
  result.slowest = slow_.slowest();
  add_readers(result, now);
  add_rates(result, now);
  return result;
}

void statistics_collector::add_readers(statistics& to,
                                       clock::time_point now) const {
  histogram queries;
  histogram searches;
  auto oldest = shared_->maintenance.age(now);
  for (auto& reader : shared_->readers) {
    to.queries += reader->queries.get();
    to.searches += reader->searches.get();
    to.failed_queries += reader->failed.get();
    queries.add(reader->query_latency);
    searches.add(reader->search_latency);
    oldest = std::max(oldest, reader->reading_since.age(now));
  }
  for (auto& cursor : shared_->cursors)
    oldest = std::max(oldest, cursor->age(now));
  to.query_latency = latency_of(queries);
  to.search_latency = latency_of(searches);
  to.oldest_reader = oldest;
  to.pending_queries = shared_->waiting_queries.get();
  to.open_cursors = shared_->open_cursors.get();
}

void statistics_collector::add_rates(statistics& to,
                                     clock::time_point now) const {
  if (samples_.empty())
    return;
  auto& from = samples_.front();
  auto seconds = std::chrono::duration<double>{now - from.when}.count();
  if (seconds <= 0)
    return;
  auto requests = to.committed_requests - from.requests;
  to.requests_per_second = static_cast<double>(requests) / seconds;
  auto commits = to.commits - from.commits;
  to.commits_per_second = static_cast<double>(commits) / seconds;
}

void statistics_collector::sample(clock::time_point now) {
  auto& from = shared_->writer;
  samples_.push_back({now, from.committed_requests.get(), from.commits.get()});
  while (samples_.size() > 1 && now - samples_.front().when > rate_window)
    samples_.pop_front();
  statistics rates;
  rates.committed_requests = samples_.back().requests;
  rates.commits = samples_.back().commits;
  add_rates(rates, now);
  requests_per_second_ = rates.requests_per_second;
}

void statistics_collector::count_turned_away(const process_turned_away& what) {
  ++(what.had_joined ? dropped_processes_ : refused_processes_);
  insist([&] { last_turned_away_ = what.what; });
}

void statistics_collector::note_longest(const longest_write& what) {
  if (what.duration > longest_.duration)
    insist([&] { longest_ = what; });
}

void statistics_collector::note_slow(const slow_statement_seen& what) {
  auto now = unix_ms_now();
  insist([&] { slow_.note(what, now); });
}

} // namespace onewriter
