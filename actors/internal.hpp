#pragma once

#include "actors/chunk_source.hpp"
#include "actors/flow_gate.hpp"
#include "actors/gauges.hpp"
#include "actors/options.hpp"
#include "actors/read_work.hpp"
#include "actors/supervisor.hpp"
#include "actors/work.hpp"
#include "messages/protocol.hpp"

#include <memory>
#include <string>
#include <vector>

// The messages that the actors of one database exchange. They never leave the
// process.

namespace onewriter {

// -- between database and writer ------------------------------------------------

/// The writer's connection is open. What a failed commit left in doubt can be
/// settled by comparing it with `stored`.
struct writer_ready {
  database_info info;
  /// The mark of the last batch in the file.
  sqlite::batch_mark stored;
  /// Whether everything in the file is known to be synced: where it is not, a
  /// batch that is found may still be lost.
  bool synced = false;
};

/// Requests for the writer, in order. Those of one round of the database's
/// mailbox travel together: a message for each would cost both threads more
/// than everything else that they do with it.
struct accepted_work {
  std::vector<work_ptr> items;
};

/// What a writer that failed could not finish, in order.
struct returned_work {
  std::vector<work_ptr> items;
};

/// The database's own: sends what was accepted since the last one.
struct flush_work {};

/// The writer's connection failed: it hands back all that it holds, right after
/// this message, and keeps handing back until it gets `handover_done`.
struct writer_failed {
  caf::error reason;
  /// Whether all connections have to be closed before the next writer opens the
  /// file: see `reader_gate`.
  bool is_index_suspect = false;
};

/// No connection that reads is open any more, as the writer that failed has
/// asked for.
struct readers_released {};

/// The database sends nothing more to this writer or reader pool, which may
/// terminate.
struct handover_done {};

/// Best-effort messages to run in one go; the writer answers with
/// `best_effort_done`. One such batch is on its way at a time.
struct best_effort_batch {
  std::vector<best_effort> messages;
  std::vector<work::clock::time_point> arrived;
};

/// What became of a batch. `returned` are those that a failing writer did not
/// get to.
struct best_effort_done {
  uint64_t written = 0;
  uint64_t failed = 0;
  uint64_t unknown = 0;
  std::vector<best_effort> returned;
  std::vector<work::clock::time_point> returned_arrived;
};

/// A request took longer than any before.
struct longest_write_seen {
  longest_write what;
};

/// A statement took longer than the threshold. Sent by the writer and the
/// readers.
struct slow_statement_seen {
  std::chrono::nanoseconds duration{0};
  std::string sql;
};

/// Asks the writer to finish what it holds and to close the file. Everything
/// after `limit` is answered with `ec::closed`. It says `writer_closed` to the
/// database, or `writer_failed`, after which the next writer has to be asked.
struct close_writer {
  bool drain = true;
  work::clock::time_point limit;
};

/// The writer closed the file.
struct writer_closed {
  bool drained = false;
  uint64_t refused = 0;
  bool log_removed = false;
  uint64_t commit = 0;
};

/// The writer's own: ends a turn.
struct end_of_turn {};

/// The writer's own: tries to open the file.
struct open_file {};

// -- between senders and database --------------------------------------------------

/// Asks a database in this process for its gate. Reply: a `flow_gate_ptr`.
struct get_flow_gate {};

/// A message without a reply that was counted by a `paced_sender`.
struct paced_request {
  std::shared_ptr<paced_item> item;
};

// -- between database and its other actors ----------------------------------------

/// The database's own: compares measures with thresholds.
struct check_alerts {};

/// Asks the reader pool to finish what it runs and to close its connections.
/// Reply: nothing, when they are closed. What waits gets `reason`, or
/// `ec::closed` where there is none, unless `drain`.
struct close_readers {
  bool drain = true;
  caf::error reason = {};
};

/// Tells the reader pool, and it its readers, to close their connections; each
/// opens another as soon as `gauges::gate` lets it.
struct release_connections {};

/// The reader pool cannot go on. Until `handover_done` it answers what comes
/// with its reason; then it terminates.
struct readers_failed {};

/// Asks the indexer to stop. With `drain` it finishes its jobs first; otherwise
/// they get `ec::closed`, and those from files go on when the file is opened
/// again. Reply: the number of jobs that got `ec::closed`.
struct close_indexer {
  bool drain = true;
};

/// Asks the indexer to go on with the jobs that an earlier process left
/// unfinished. Reply: their number.
struct resume_jobs {};

// -- between the reader pool and its actors ---------------------------------------

/// A reader can take a query: it is open, or done with the last one. Sent by
/// the reader itself.
struct reader_idle {
  uint32_t slot = 0;
};

/// A cursor let go of its snapshot and closed its connection, for `reason`.
/// Sent by the actor that had it, to the pool and to what answers the cursor's
/// client.
struct cursor_ended {
  uint32_t slot = 0;
  caf::error reason;
};

/// Nobody asks a cursor any more: its last handle is gone, or it was told that
/// the cursor has ended. What was asked before comes before this message.
struct release_cursor {};

/// The cursor's own: looks whether it has been idle for too long.
struct check_cursor {};

/// A backup or an integrity check is over and its connection closed.
struct maintenance_done {};

/// Asks a backup to stop. Its requester gets `reason`.
struct cancel_maintenance {
  caf::error reason;
};

/// The backup's own: copies the next pages.
struct copy_pages {};

/// The reader pool's own: looks for queries that have expired.
struct check_waiting {
  std::chrono::steady_clock::time_point at;
};

} // namespace onewriter

#define ONEWRITER_INTERNAL_MESSAGE(name)                                       \
  CAF_ALLOW_UNSAFE_MESSAGE_TYPE(onewriter::name)

ONEWRITER_INTERNAL_MESSAGE(work_ptr)
ONEWRITER_INTERNAL_MESSAGE(accepted_work)
ONEWRITER_INTERNAL_MESSAGE(returned_work)
ONEWRITER_INTERNAL_MESSAGE(flush_work)
ONEWRITER_INTERNAL_MESSAGE(writer_ready)
ONEWRITER_INTERNAL_MESSAGE(writer_failed)
ONEWRITER_INTERNAL_MESSAGE(readers_released)
ONEWRITER_INTERNAL_MESSAGE(release_connections)
ONEWRITER_INTERNAL_MESSAGE(handover_done)
ONEWRITER_INTERNAL_MESSAGE(best_effort_batch)
ONEWRITER_INTERNAL_MESSAGE(best_effort_done)
ONEWRITER_INTERNAL_MESSAGE(longest_write_seen)
ONEWRITER_INTERNAL_MESSAGE(slow_statement_seen)
ONEWRITER_INTERNAL_MESSAGE(close_writer)
ONEWRITER_INTERNAL_MESSAGE(writer_closed)
ONEWRITER_INTERNAL_MESSAGE(end_of_turn)
ONEWRITER_INTERNAL_MESSAGE(open_file)
ONEWRITER_INTERNAL_MESSAGE(check_alerts)
ONEWRITER_INTERNAL_MESSAGE(close_readers)
ONEWRITER_INTERNAL_MESSAGE(readers_failed)
ONEWRITER_INTERNAL_MESSAGE(close_indexer)
ONEWRITER_INTERNAL_MESSAGE(resume_jobs)
ONEWRITER_INTERNAL_MESSAGE(query_work)
ONEWRITER_INTERNAL_MESSAGE(search_work)
ONEWRITER_INTERNAL_MESSAGE(letters_work)
ONEWRITER_INTERNAL_MESSAGE(cursor_work)
ONEWRITER_INTERNAL_MESSAGE(backup_work)
ONEWRITER_INTERNAL_MESSAGE(check_work)
ONEWRITER_INTERNAL_MESSAGE(reader_idle)
ONEWRITER_INTERNAL_MESSAGE(cursor_ended)
ONEWRITER_INTERNAL_MESSAGE(release_cursor)
ONEWRITER_INTERNAL_MESSAGE(check_cursor)
ONEWRITER_INTERNAL_MESSAGE(maintenance_done)
ONEWRITER_INTERNAL_MESSAGE(cancel_maintenance)
ONEWRITER_INTERNAL_MESSAGE(copy_pages)
ONEWRITER_INTERNAL_MESSAGE(check_waiting)
ONEWRITER_INTERNAL_MESSAGE(get_flow_gate)
ONEWRITER_INTERNAL_MESSAGE(flow_gate_ptr)
ONEWRITER_INTERNAL_MESSAGE(paced_request)

// These IDs are no wire format and may be reordered.
CAF_BEGIN_TYPE_ID_BLOCK(onewriter_internal, caf::first_custom_type_id
                                              + ONEWRITER_TYPE_ID_OFFSET + 100)

  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::work_ptr))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::accepted_work))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::returned_work))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::flush_work))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::writer_ready))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::writer_failed))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::readers_released))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::release_connections))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::handover_done))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::best_effort_batch))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::best_effort_done))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::longest_write_seen))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::slow_statement_seen))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::close_writer))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::writer_closed))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::end_of_turn))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::open_file))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::check_alerts))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::close_readers))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::readers_failed))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::close_indexer))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::resume_jobs))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::start_child))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::stop_child))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::stop_children))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::child_event))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::supervisor_timer))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::query_work))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::search_work))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::letters_work))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::cursor_work))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::backup_work))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::check_work))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::reader_idle))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::cursor_ended))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::release_cursor))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::check_cursor))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::maintenance_done))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::cancel_maintenance))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::copy_pages))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::check_waiting))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::run_job))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::job_outcome))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::get_flow_gate))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::flow_gate_ptr))
  CAF_ADD_TYPE_ID(onewriter_internal, (onewriter::paced_request))

CAF_END_TYPE_ID_BLOCK(onewriter_internal)

namespace onewriter {

/// Interface of the actor that owns the only connection that writes.
struct sqlite_writer_trait {
  using signatures = compat::type_list<
    // Runs requests; each gets its reply after the commit that contains it.
    caf::result<void>(accepted_work),
    // Runs messages that nobody waits for.
    caf::result<void>(best_effort_batch),
    // Copies the write-ahead log into the database file, between two turns.
    caf::result<checkpoint_receipt>(checkpoint),
    // Fails in the middle of the next turn.
    caf::result<void>(inject_failure),
    // Terminates, after a failure.
    caf::result<void>(handover_done),
    // Finishes, closes the file and terminates.
    caf::result<void>(close_writer),
    // Sent to itself.
    caf::result<void>(open_file), caf::result<void>(end_of_turn)>;
};

using sqlite_writer_actor = compat::handle<sqlite_writer_trait>;

/// Interface of the actor that spreads queries over the readers.
struct reader_pool_trait {
  using signatures = compat::type_list<
    caf::result<result_set>(query), caf::result<search_hits>(search),
    caf::result<cursor_actor>(open_cursor),
    caf::result<dead_letters>(list_dead_letters),
    caf::result<backup_receipt>(backup),
    caf::result<integrity_report>(integrity_check),
    caf::result<void>(release_connections), caf::result<void>(close_readers)>;
};

using reader_pool_actor = compat::handle<reader_pool_trait>;

/// What the reader pool's own actors send to it.
struct reader_pool_core_trait {
  using signatures = compat::type_list<
    // Handed back by a reader whose connection failed.
    caf::result<result_set>(query_work), caf::result<search_hits>(search_work),
    caf::result<dead_letters>(letters_work), caf::result<void>(reader_idle),
    caf::result<void>(cursor_ended), caf::result<void>(maintenance_done),
    // From its supervisor.
    caf::result<void>(child_event),
    // From the database, which sends nothing more.
    caf::result<void>(handover_done),
    // Sent to itself.
    caf::result<void>(check_waiting)>;
};

using reader_pool_core_actor = compat::handle<reader_pool_core_trait>;

/// Interface of an actor that owns a connection that reads.
struct sqlite_reader_trait {
  using signatures = compat::type_list<caf::result<result_set>(query_work),
                                       caf::result<search_hits>(search_work),
                                       caf::result<dead_letters>(letters_work),
                                       caf::result<void>(release_connections),
                                       // Sent to itself.
                                       caf::result<void>(open_file)>;
};

using sqlite_reader_actor = compat::handle<sqlite_reader_trait>;

/// Interface of the actor that owns a cursor's connection.
struct sqlite_cursor_trait {
  using signatures = compat::type_list<
    // Takes the snapshot; the first message.
    caf::result<cursor_actor>(cursor_work), caf::result<cursor_page>(next_page),
    caf::result<void>(close_cursor),
    // Terminates.
    caf::result<void>(release_cursor),
    // Sent to itself.
    caf::result<void>(check_cursor)>;
};

using sqlite_cursor_actor = compat::handle<sqlite_cursor_trait>;

/// What the owner of a cursor's connection sends to what answers its client.
struct cursor_core_trait {
  using signatures = compat::type_list<caf::result<void>(cursor_ended)>;
};

using cursor_core_actor = compat::handle<cursor_core_trait>;

/// Interface of the actor that makes one backup or one integrity check.
struct sqlite_backup_trait {
  using signatures = compat::type_list<
    // The first message is one of these two.
    caf::result<backup_receipt>(backup_work),
    caf::result<integrity_report>(check_work),
    caf::result<void>(cancel_maintenance),
    // Sent to itself.
    caf::result<void>(copy_pages)>;
};

using sqlite_backup_actor = compat::handle<sqlite_backup_trait>;

using reader_pool_actor = compat::handle<reader_pool_trait>;

/// Interface of the actor that runs index jobs and chunked tasks.
struct indexer_trait {
  using signatures = compat::type_list<
    caf::result<index_receipt>(chunked_index),
    caf::result<job_receipt>(chunked_job),
    caf::result<job_receipt>(remove_document), caf::result<void>(cancel_index),
    caf::result<uint64_t>(resume_jobs), caf::result<uint64_t>(close_indexer)>;
};

using indexer_actor = compat::handle<indexer_trait>;

/// What the database's own actors send to it. A work_ptr that arrives here is
/// forwarded to the writer, or kept until there is one.
struct database_core_trait {
  using signatures = compat::type_list<
    caf::result<write_receipt>(work_ptr), caf::result<void>(returned_work),
    caf::result<void>(writer_ready), caf::result<void>(readers_failed),
    caf::result<void>(writer_failed), caf::result<void>(writer_closed),
    caf::result<void>(readers_released), caf::result<void>(best_effort_done),
    caf::result<void>(longest_write_seen),
    caf::result<void>(slow_statement_seen), caf::result<void>(child_event),
    caf::result<void>(check_alerts), caf::result<void>(flush_work)>;
};

using database_core_actor = compat::handle<database_core_trait>;

/// What senders of the database's process send to it, see `paced_sender`.
struct database_gate_trait {
  using signatures
    = compat::type_list<caf::result<flow_gate_ptr>(get_flow_gate),
                        caf::result<void>(paced_request)>;
};

using database_gate_actor = compat::handle<database_gate_trait>;

} // namespace onewriter
