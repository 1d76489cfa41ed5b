#include "onewriter/config.hpp"

#include "actors/database/admission/database_gate.hpp"
#include "actors/index/chunk/chunk_runner.hpp"
#include "actors/index/indexer.hpp"
#include "actors/reader/reader_pool.hpp"
#include "actors/reader/worker/sqlite_backup.hpp"
#include "actors/reader/worker/sqlite_cursor.hpp"
#include "actors/sharing/join.hpp"
#include "actors/sharing/network_types.hpp"
#include "actors/sharing/owner_search.hpp"
#include "actors/sharing/relay/batches.hpp"
#include "actors/writer/sqlite_writer.hpp"
#include "onewriter/compat/setup.hpp"
#include "onewriter/failure.hpp"

namespace onewriter {

namespace {

constexpr char group[] = "onewriter";

// Sets `target` to `second` or `first`, whichever `text` names; leaves it
// unchanged if `text` is empty. Returns whether `text` is one of them.
template <class Enum>
bool choose(const std::string& text, Enum& target, const char* first_name,
            Enum first, const char* second_name, Enum second) {
  if (text == first_name)
    target = first;
  else if (text == second_name)
    target = second;
  else
    return text.empty();
  return true;
}

// Types that are known to CAF, by their blocks of IDs.
template <class... Blocks>
struct type_blocks {
  using registrar = compat::type_registrar<Blocks...>;

  static void register_for(caf::actor_system_config& cfg) {
    compat::register_types<ec, Blocks...>(cfg);
  }
};

using all_types = type_blocks<
  caf::id_block::onewriter, caf::id_block::onewriter_supervision,
  caf::id_block::onewriter_core, caf::id_block::onewriter_indexer,
  caf::id_block::onewriter_jobs, caf::id_block::onewriter_pool,
  caf::id_block::onewriter_readers, caf::id_block::onewriter_cursor,
  caf::id_block::onewriter_backup, caf::id_block::onewriter_writer,
  caf::id_block::onewriter_gate, caf::id_block::onewriter_sharing,
  caf::id_block::onewriter_shared, caf::id_block::onewriter_relay>;

caf::error invalid(const std::string& sentence) {
  return make_failure(ec::invalid_argument, "onewriter." + sentence);
}

} // namespace

message_types::message_types() {
  static_cast<void>(all_types::registrar{});
  register_network_types();
}

void register_messages(caf::actor_system_config& cfg) {
  all_types::register_for(cfg);
}

config::config() {
  register_messages(*this);
  add_database_options();
  add_queue_options();
  add_watch_options();
}

void config::add_database_options() {
  opt_group{custom_options_, group}
    .add(database.path, "path", "the database file")
    .add(synchronous_, "synchronous", "full (default) or normal")
    .add(foreign_keys_, "foreign-keys", "on (default) or off")
    .add(database.readers, "readers", "reader connections, 1 to 64")
    .add(database.quick_query_time, "quick-query-time",
         "how long a query may run on the scheduler's threads; zero: not at "
         "all")
    .add(database.max_cursors, "max-cursors", "open cursors, 0 to 64")
    .add(database.vfs, "vfs", "name of a registered SQLite VFS")
    .add(thread_, "writer-thread", "automatic (default), detached or scheduled")
    .add(database.busy_timeout, "busy-timeout",
         "how long SQLite itself waits for a lock, at most 50 ms")
    .add(database.lock_patience, "lock-patience",
         "how long a write without a deadline waits for a lock")
    .add(database.max_attempts, "max-attempts",
         "attempts per write when the disk is full or fails")
    .add(
      database.checkpoint_pages, "checkpoint-pages",
      "pages in the write-ahead log at which a checkpoint is due; 0: 250, or "
      "1000 with synchronous=normal")
    .add(database.wal_limit_bytes, "wal-limit-bytes",
         "size above which the write-ahead log is truncated")
    .add(database.statement_cache, "statement-cache",
         "prepared statements that each connection keeps")
    .add(database.cache_bytes, "cache-bytes", "page cache of each connection");
}

void config::add_queue_options() {
  opt_group{custom_options_, group}
    .add(database.queue.max_items, "max-items", "writes that may be pending")
    .add(database.queue.max_bytes, "max-bytes",
         "bytes that pending writes may occupy")
    .add(database.queue.best_effort_items, "best-effort-items",
         "best-effort messages that may be pending")
    .add(database.queue.best_effort_bytes, "best-effort-bytes",
         "bytes that pending best-effort messages may occupy")
    .add(database.queue.overload_target, "overload-target",
         "waiting time above which writes are refused; zero: never")
    .add(database.queue.overload_interval, "overload-interval",
         "how long all writes must have exceeded overload-target")
    .add(database.queue.turn_items, "turn-items",
         "maximum number of requests per turn")
    .add(database.queue.turn_bytes, "turn-bytes",
         "maximum number of bytes per turn")
    .add(database.queue.turn_time, "turn-time",
         "maximum running time of a turn")
    .add(database.max_value_bytes, "max-value-bytes",
         "maximum size of one text or blob")
    .add(database.max_result_rows, "max-result-rows",
         "maximum number of rows in one result")
    .add(database.max_result_bytes, "max-result-bytes",
         "maximum size of one result")
    .add(database.max_queries, "max-queries",
         "queries that may wait for a reader")
    .add(database.query_deadline, "query-deadline", "how long a query may take")
    .add(database.cursor_idle_limit, "cursor-idle-limit",
         "how long a cursor may be idle")
    .add(database.cursor_limit, "cursor-limit", "maximum lifetime of a cursor")
    .add(database.write_run_limit, "write-run-limit",
         "how long one write may run")
    .add(database.chunk_time, "chunk-time",
         "how long a chunk of an index job may run")
    .add(database.index_jobs, "index-jobs",
         "index jobs that run at the same time, 1 to 64")
    .add(database.idempotency_retention, "idempotency-retention",
         "how long receipts with an idempotency key are kept");
}

void config::add_watch_options() {
  opt_group{custom_options_, group}
    .add(database.slow_statement, "slow-statement",
         "statements that take longer are logged")
    .add(database.restarts.max_restarts, "max-restarts",
         "tolerated restarts within restart-period")
    .add(database.restarts.period, "restart-period",
         "period in which max-restarts are counted")
    .add(database.restarts.initial_delay, "restart-delay",
         "pause before the first restart")
    .add(database.restarts.max_delay, "max-restart-delay",
         "longest pause before a restart")
    .add(database.alerts.pending_writes, "alert-pending-writes",
         "pending writes that raise an alert; zero: none")
    .add(database.alerts.oldest_pending, "alert-oldest-pending",
         "age of a pending write that raises an alert")
    .add(database.alerts.dead_letters, "alert-dead-letters",
         "dead letters that raise an alert")
    .add(database.alerts.wal_bytes, "alert-wal-bytes",
         "size of the write-ahead log that raises an alert")
    .add(database.alerts.oldest_reader, "alert-oldest-reader",
         "age of a query or cursor that raises an alert")
    .add(database.alerts.check_interval, "alert-interval",
         "how often the alert thresholds are checked");
}

caf::expected<options> config::database_options() const {
  auto result = database;
  if (!choose(synchronous_, result.synchronous, "full", synchronous::full,
              "normal", synchronous::normal))
    return invalid("synchronous: must be full or normal");
  if (!choose(foreign_keys_, result.foreign_keys, "on", true, "off", false))
    return invalid("foreign-keys: must be on or off");
  if (thread_ == "automatic")
    result.thread = writer_thread::automatic;
  else if (!choose(thread_, result.thread, "detached", writer_thread::detached,
                   "scheduled", writer_thread::scheduled))
    return invalid("writer-thread: must be automatic, detached or scheduled");
  if (auto problem = first_problem(result); !problem.empty())
    return invalid(problem);
  return result;
}

} // namespace onewriter
