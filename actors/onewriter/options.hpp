#pragma once

#include "onewriter/log.hpp"
#include "onewriter/scheduler.hpp"
#include "onewriter/transaction.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace onewriter {

/// When a commit counts as durable
/// (https://sqlite.org/pragma.html#pragma_synchronous).
enum class synchronous : uint8_t {
  /// Synced with every commit: survives power loss.
  full,
  /// Synced with every checkpoint: a power loss may undo the last commits, but
  /// leaves the database consistent.
  normal,
};

std::string to_string(synchronous x);

bool from_string(std::string_view str, synchronous& x);

/// How often actors are restarted.
struct restart_options {
  /// Tolerated restarts within `period`; after one more the supervisor gives
  /// up. Temporary external failures (a full disk, a lock, an I/O error) do not
  /// count. The default is OTP's.
  uint32_t max_restarts = 3;
  std::chrono::nanoseconds period{std::chrono::seconds{5}};
  /// Pause before a restart; doubles with each restart that follows within
  /// `period`, up to the maximum, with a random jitter of 20 %. After a
  /// temporary external failure it is at most 100 ms, unless `initial_delay`
  /// is longer: the requests that wait get the error, after `max_attempts`, in
  /// less than a second, and are carried out as soon as the condition has
  /// passed.
  std::chrono::nanoseconds initial_delay{std::chrono::milliseconds{10}};
  std::chrono::nanoseconds max_delay{std::chrono::seconds{5}};
};

/// Limits of the queue in front of the writer.
struct queue_options {
  /// Writes that may be pending at once; the next one is refused with
  /// `ec::overloaded`. The default holds 0.1 s of work at full speed.
  uint64_t max_items = 100'000;
  /// Bytes that pending writes may occupy.
  uint64_t max_bytes = 64 * 1024 * 1024;
  /// Best-effort messages that may be pending; the next one drops the oldest.
  uint64_t best_effort_items = 10'000;
  uint64_t best_effort_bytes = 8 * 1024 * 1024;
  /// Writes are refused once every write has waited for longer than this for a
  /// whole `overload_interval` (CoDel). The default is long: a caller's own
  /// deadline comes first, and another program may hold the file's lock for
  /// seconds. Zero switches it off.
  std::chrono::nanoseconds overload_target{std::chrono::seconds{5}};
  std::chrono::nanoseconds overload_interval{std::chrono::seconds{10}};
  /// A turn of the writer ends after this many requests, bytes, or this time,
  /// whichever comes first. Longer turns mean more rows per commit and longer
  /// waits.
  uint64_t turn_items = 4'096;
  uint64_t turn_bytes = 8 * 1024 * 1024;
  std::chrono::nanoseconds turn_time{std::chrono::milliseconds{20}};
};

/// Thresholds of alerts. An alert is cleared when the measured value has fallen
/// below half of its threshold; zero switches an alert off.
struct alert_options {
  uint64_t pending_writes = 1'000;
  std::chrono::nanoseconds oldest_pending{std::chrono::seconds{5}};
  uint64_t dead_letters = 1;
  uint64_t wal_bytes = 256 * 1024 * 1024;
  std::chrono::nanoseconds oldest_reader{std::chrono::seconds{60}};
  /// How often the thresholds are checked.
  std::chrono::nanoseconds check_interval{std::chrono::milliseconds{250}};
};

/// Where the writer runs.
enum class writer_thread : uint8_t {
  /// `scheduled` while fewer writers are than the scheduler has threads, with
  /// one thread left for all other actors; else `detached`. So `detached` with
  /// one thread, or for one more database than there is room for.
  automatic,
  /// On its own thread: SQLite never blocks a thread of the scheduler. The
  /// better choice where the program's own actors need all of these threads,
  /// or where commits are slow (a disk that takes milliseconds for a sync).
  detached,
  /// On the scheduler's threads, and on those of callers (`client`): saves the
  /// wake-ups of a thread, which take longer than a small write. Occupies a
  /// thread while SQLite works.
  scheduled,
};

/// How to open and run a database. Everything but the path has a default.
struct options {
  /// The file; created if it does not exist, in a folder that must exist.
  std::string path;
  enum synchronous synchronous = synchronous::full;
  /// Whether foreign keys are enforced. SQLite's own default is off, for
  /// compatibility with schemas from before 2009.
  bool foreign_keys = true;
  /// Reader connections, each on its own thread.
  uint32_t readers = 4;
  /// If longer than zero, there are as many additional connections on the
  /// scheduler's threads and on those of callers (`client`), and every query
  /// runs there first. A query that is not done after about this time (SQLite
  /// checks the clock every 1,000 steps) starts again on a reader's own thread.
  /// Short queries then cost no wake-up of a thread and never wait for long
  /// ones: 2 to 4 times as many. Zero, and a scheduler with one thread, keep
  /// queries off the scheduler's threads.
  std::chrono::nanoseconds quick_query_time{std::chrono::milliseconds{1}};
  /// Cursors that may be open at once, each with a connection and a thread.
  uint32_t max_cursors = 8;
  /// Name of a registered VFS (https://sqlite.org/vfs.html); empty means
  /// SQLite's default.
  std::string vfs;

  // -- limits of requests -------------------------------------------------------

  /// Size of one text or blob, and of one statement's SQL. SQLite's own limit
  /// is 1,000,000,000; the default keeps one request from exhausting the
  /// memory.
  uint64_t max_value_bytes = 64 * 1024 * 1024;
  /// Size of a result, of all rows in one receipt, of a list of dead letters.
  uint64_t max_result_rows = 100'000;
  uint64_t max_result_bytes = 64 * 1024 * 1024;
  /// How long a query without its own deadline may take.
  std::chrono::nanoseconds query_deadline{std::chrono::seconds{5}};
  /// How long a cursor may be idle.
  std::chrono::nanoseconds cursor_idle_limit{std::chrono::seconds{60}};
  /// Maximum lifetime of a cursor, even one in use. While it is open, the log
  /// grows with each write. Long enough for an export, and as long as an
  /// integrity check may take.
  std::chrono::nanoseconds cursor_limit{std::chrono::minutes{10}};
  /// Queries that may wait for a reader; the next one is refused.
  uint64_t max_queries = 10'000;
  /// How long a write without its own limit may run. Long enough for a
  /// migration, short enough to get out of an endless loop.
  std::chrono::nanoseconds write_run_limit{std::chrono::seconds{60}};

  // -- behaviour of the writer ----------------------------------------------------

  queue_options queue;
  restart_options restarts;
  alert_options alerts;
  /// How long SQLite itself waits for another program's lock, blocking the
  /// writer's thread; at most 50 ms. Longer waits happen between turns.
  std::chrono::nanoseconds busy_timeout{std::chrono::milliseconds{5}};
  /// How long a write without a deadline waits for another program's lock
  /// before it fails with `ec::busy`.
  std::chrono::nanoseconds lock_patience{std::chrono::seconds{30}};
  /// Number of attempts per write when the disk is full or the operating system
  /// reports an error.
  uint32_t max_attempts = 5;
  /// How long one chunk of an index job may occupy the writer; a quarter of it
  /// while others write.
  std::chrono::nanoseconds chunk_time{std::chrono::milliseconds{2}};
  /// Index jobs that run at the same time; the others wait.
  uint32_t index_jobs = 2;
  /// The log is copied into the database file when this many of its pages have
  /// not been. A thread of its own copies them while the writer goes on; writes
  /// wait only for what has come since then. Zero means 250 with
  /// `synchronous::full`: copies that take longer slow down the sync of every
  /// commit beside them. With `synchronous::normal` it means 1,000, as in
  /// SQLite itself: the sync at the end of a checkpoint is the longest wait
  /// then, and there are fewer.
  uint32_t checkpoint_pages = 0;
  /// The log is truncated when it is larger than this: from then on the writer
  /// waits for readers, at most `busy_timeout`, so that the log can restart.
  /// While the log is being copied it may grow by as much; then writes wait for
  /// the copy.
  uint64_t wal_limit_bytes = 32 * 1024 * 1024;
  /// How long the receipts of writes with an idempotency key are kept, and
  /// those of a process that has joined the owner of the file, since its last
  /// write.
  std::chrono::nanoseconds idempotency_retention{std::chrono::hours{24}};
  /// Requests that run longer are logged, with their first statement, and
  /// counted.
  std::chrono::nanoseconds slow_statement{std::chrono::milliseconds{100}};
  /// Prepared statements that each connection keeps.
  uint32_t statement_cache = 256;
  /// SQLite's page cache of each connection; at least 4,096. Changes beyond it
  /// are spilled to the log before the commit.
  uint64_t cache_bytes = 16 * 1024 * 1024;
  /// Decided when the database is opened.
  writer_thread thread = writer_thread::automatic;

  // -- for the embedding program --------------------------------------------------

  /// The functions that a `call` can name.
  std::map<std::string, named_function> functions;
  /// Names of `functions` that other processes, which have joined this one, may
  /// not call: they get `ec::not_allowed`. They may call all others. Empty by
  /// default, since a program does not know which of its processes is the
  /// owner; where that matters, a `transaction` does, which never leaves its
  /// process.
  std::set<std::string> owner_functions;
  /// Receives the log; see `log_sink`.
  log_sink log = log_to_stderr;
  /// Whether the database terminates with its error when it gives up, so that a
  /// supervisor of the embedding program takes over. Otherwise it stays alive
  /// and refuses every request with that error.
  bool terminate_on_failure = false;
  /// Whether `inject_failure` is allowed.
  bool allow_failure_injection = false;
  /// Whether it is allowed to processes that have joined, too; otherwise they
  /// get `ec::not_allowed`.
  bool allow_failure_injection_by_others = false;
};

/// Returns `x.checkpoint_pages`, or what zero stands for.
uint32_t effective_checkpoint_pages(const options& x);

/// Returns a message that names the first option of `x` that is out of range
/// and its valid range; empty if there is none.
std::string first_problem(const options& x);

} // namespace onewriter
