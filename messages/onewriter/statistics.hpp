#pragma once

#include "onewriter/compat/inspection.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace onewriter {

/// Asks for statistics. Reply: `statistics`, at once, also while SQLite is
/// busy; all earlier requests have been forwarded to the writer by then. Retry:
/// safe.
struct get_statistics {};

template <class Inspector>
auto inspect(Inspector& f, get_statistics& x) {
  return compat::inspect_object(f, x);
}

/// Latency of one kind of request, from its arrival at the database to its
/// reply; relative error at most 1 %.
struct latency {
  uint64_t count = 0;
  std::chrono::nanoseconds p50{0};
  std::chrono::nanoseconds p99{0};
  std::chrono::nanoseconds max{0};
};

template <class Inspector>
auto inspect(Inspector& f, latency& x) {
  return compat::inspect_object(
    f, x, compat::field("count", x.count), compat::field("p50", x.p50),
    compat::field("p99", x.p99), compat::field("max", x.max));
}

/// Outcomes of the requests that must not be lost: `write`, `call` and
/// `transaction`. At rest, submitted = acknowledged + failed + refused +
/// expired + unknown + pending.
struct write_counts {
  /// Received by the database.
  uint64_t submitted = 0;
  /// Committed, and confirmed to waiting callers.
  uint64_t acknowledged = 0;
  /// Not committed, because of an error.
  uint64_t failed = 0;
  /// Not accepted: overloaded, closed, or invalid.
  uint64_t refused = 0;
  /// Not run, because their deadline had passed.
  uint64_t expired = 0;
  /// Answered with `ec::outcome_unknown`.
  uint64_t unknown = 0;
  /// Accepted and not answered yet.
  uint64_t pending = 0;
  /// Approximate size of the pending requests in memory.
  uint64_t pending_bytes = 0;
};

template <class Inspector>
auto inspect(Inspector& f, write_counts& x) {
  return compat::inspect_object(
    f, x, compat::field("submitted", x.submitted),
    compat::field("acknowledged", x.acknowledged),
    compat::field("failed", x.failed), compat::field("refused", x.refused),
    compat::field("expired", x.expired), compat::field("unknown", x.unknown),
    compat::field("pending", x.pending),
    compat::field("pending_bytes", x.pending_bytes));
}

/// Outcomes of `best_effort` messages. At rest, submitted = written + coalesced
/// + dropped_full + dropped_too_big + dropped_closed + dropped_unknown + failed
/// + pending.
struct best_effort_counts {
  uint64_t submitted = 0;
  /// Committed.
  uint64_t written = 0;
  /// Replaced by a newer message of the same key.
  uint64_t coalesced = 0;
  /// Dropped as the oldest of a full queue, or by the sender because too much
  /// was in flight.
  uint64_t dropped_full = 0;
  /// Dropped because it alone exceeds a limit.
  uint64_t dropped_too_big = 0;
  /// Dropped because the database was being closed or was closed.
  uint64_t dropped_closed = 0;
  /// Dropped because the outcome of its commit is unknown.
  uint64_t dropped_unknown = 0;
  /// Failed with its own error.
  uint64_t failed = 0;
  uint64_t pending = 0;
};

template <class Inspector>
auto inspect(Inspector& f, best_effort_counts& x) {
  return compat::inspect_object(
    f, x, compat::field("submitted", x.submitted),
    compat::field("written", x.written),
    compat::field("coalesced", x.coalesced),
    compat::field("dropped_full", x.dropped_full),
    compat::field("dropped_too_big", x.dropped_too_big),
    compat::field("dropped_closed", x.dropped_closed),
    compat::field("dropped_unknown", x.dropped_unknown),
    compat::field("failed", x.failed), compat::field("pending", x.pending));
}

/// The request that occupied the writer for the longest time since the database
/// was opened.
struct longest_write {
  std::chrono::nanoseconds duration{0};
  /// CAF's rendering of the sender's address.
  std::string sender;
  /// Its first statement, or the function's name.
  std::string sql;
};

template <class Inspector>
auto inspect(Inspector& f, longest_write& x) {
  return compat::inspect_object(f, x, compat::field("duration", x.duration),
                                compat::field("sender", x.sender),
                                compat::field("sql", x.sql));
}

/// A request that took longer than `options::slow_statement`.
struct slow_request {
  std::chrono::nanoseconds duration{0};
  /// When it was reported, in milliseconds since 1970.
  int64_t unix_ms = 0;
  /// The lane of a write, such as "normal"; "query" or "search" otherwise.
  std::string lane;
  /// Its first statement without values, or what it is; at most 200 bytes.
  std::string sql;
};

template <class Inspector>
auto inspect(Inspector& f, slow_request& x) {
  return compat::inspect_object(f, x, compat::field("duration", x.duration),
                                compat::field("unix_ms", x.unix_ms),
                                compat::field("lane", x.lane),
                                compat::field("sql", x.sql));
}

/// Numbers since the database was opened, and its state now.
struct statistics {
  write_counts writes;
  best_effort_counts best_effort;
  uint64_t queries = 0;
  uint64_t failed_queries = 0;
  uint64_t searches = 0;
  uint64_t pending_queries = 0;

  /// Requests in the writer's queue by lane.
  uint64_t depth_urgent = 0;
  uint64_t depth_normal = 0;
  uint64_t depth_best_effort = 0;
  uint64_t depth_chunk = 0;
  uint64_t depth_background = 0;
  /// How long the oldest pending write has waited.
  std::chrono::nanoseconds oldest_pending{0};

  uint64_t commits = 0;
  /// Requests committed, best-effort messages included.
  uint64_t committed_requests = 0;
  /// Requests per second and commits per second over the last seconds.
  double requests_per_second = 0;
  double commits_per_second = 0;

  latency write_latency;
  latency urgent_latency;
  latency background_latency;
  latency best_effort_latency;
  latency chunk_latency;
  latency query_latency;
  latency search_latency;

  uint64_t dead_letters = 0;
  uint64_t writer_restarts = 0;
  uint64_t reader_restarts = 0;
  /// Batches that were run again because one request undid the work of the
  /// others.
  uint64_t batches_repeated = 0;
  /// How often another program's lock made the writer wait.
  uint64_t lock_waits = 0;
  /// Writes that took longer than the threshold for slow statements.
  uint64_t slow_statements = 0;
  uint64_t checkpoints = 0;
  uint64_t wal_bytes = 0;
  uint64_t database_bytes = 0;
  uint64_t index_jobs = 0;
  uint64_t open_cursors = 0;
  /// How long the oldest running query or cursor has been reading.
  std::chrono::nanoseconds oldest_reader{0};
  longest_write longest;
  /// Other processes that had joined and were dropped: they took too little of
  /// what was sent to them, or were silent.
  uint64_t dropped_processes = 0;
  /// How often another process was not let in: it speaks another version, does
  /// not know the secret, or as many have joined as may.
  uint64_t refused_processes = 0;
  /// Why that happened last; empty if it never did.
  std::string last_turned_away;
  /// Whether the writer is up, being restarted, closed...
  std::string state;
  /// The slowest writes, queries and searches above that threshold, at most 8,
  /// the slowest first.
  std::vector<slow_request> slowest;
};

template <class Inspector>
auto inspect(Inspector& f, statistics& x) {
  return compat::inspect_object(
    f, x, compat::field("writes", x.writes),
    compat::field("best_effort", x.best_effort),
    compat::field("queries", x.queries),
    compat::field("failed_queries", x.failed_queries),
    compat::field("searches", x.searches),
    compat::field("pending_queries", x.pending_queries),
    compat::field("depth_urgent", x.depth_urgent),
    compat::field("depth_normal", x.depth_normal),
    compat::field("depth_best_effort", x.depth_best_effort),
    compat::field("depth_chunk", x.depth_chunk),
    compat::field("depth_background", x.depth_background),
    compat::field("oldest_pending", x.oldest_pending),
    compat::field("commits", x.commits),
    compat::field("committed_requests", x.committed_requests),
    compat::field("requests_per_second", x.requests_per_second),
    compat::field("commits_per_second", x.commits_per_second),
    compat::field("write_latency", x.write_latency),
    compat::field("urgent_latency", x.urgent_latency),
    compat::field("background_latency", x.background_latency),
    compat::field("best_effort_latency", x.best_effort_latency),
    compat::field("chunk_latency", x.chunk_latency),
    compat::field("query_latency", x.query_latency),
    compat::field("search_latency", x.search_latency),
    compat::field("dead_letters", x.dead_letters),
    compat::field("writer_restarts", x.writer_restarts),
    compat::field("reader_restarts", x.reader_restarts),
    compat::field("batches_repeated", x.batches_repeated),
    compat::field("lock_waits", x.lock_waits),
    compat::field("slow_statements", x.slow_statements),
    compat::field("checkpoints", x.checkpoints),
    compat::field("wal_bytes", x.wal_bytes),
    compat::field("database_bytes", x.database_bytes),
    compat::field("index_jobs", x.index_jobs),
    compat::field("open_cursors", x.open_cursors),
    compat::field("oldest_reader", x.oldest_reader),
    compat::field("longest", x.longest),
    compat::field("dropped_processes", x.dropped_processes),
    compat::field("refused_processes", x.refused_processes),
    compat::field("last_turned_away", x.last_turned_away),
    compat::field("state", x.state), compat::field("slowest", x.slowest));
}

} // namespace onewriter
