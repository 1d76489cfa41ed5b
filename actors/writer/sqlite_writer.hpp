#pragma once

#include "actors/core/database_core.hpp"
#include "actors/core/metrics.hpp"
#include "actors/writer/completion/best_effort_batch.hpp"
#include "actors/writer/writer_handover.hpp"
#include "onewriter/compat/interface.hpp"
#include "onewriter/options.hpp"

#include <memory>
#include <vector>

namespace onewriter {

/// Requests for the writer, in order. Those of one round of the database's
/// mailbox are sent together: a message for each would cost both threads more
/// than the rest of the processing.
struct write_requests {
  std::vector<pending_write_ptr> items;
};

/// Asks the writer to finish its requests and to close the file. Requests that
/// are left after `limit` are answered with `ec::closed`. The writer sends
/// `writer_closed` to the database, or `writer_failed`, after which the next
/// writer has to be asked.
struct close_writer {
  bool drain = true;
  pending_write::clock::time_point limit;
};

/// Sent by the writer to itself: ends a turn.
struct end_of_turn {};

/// Sent to the writer by its `copier_thread`.
struct log_copied {};

} // namespace onewriter

ONEWRITER_BEGIN_MESSAGES(writer, 170)
ONEWRITER_MESSAGE(writer, write_requests)
ONEWRITER_MESSAGE(writer, best_effort_batch)
ONEWRITER_MESSAGE(writer, close_writer)
ONEWRITER_MESSAGE(writer, end_of_turn)
ONEWRITER_MESSAGE(writer, log_copied)
ONEWRITER_END_MESSAGES(writer, 180)

namespace onewriter {

/// Interface of the actor that owns the only connection that writes.
struct sqlite_writer_trait {
  using signatures = compat::type_list<
    // Runs requests; each gets its reply after the commit that contains it.
    caf::result<void>(write_requests),
    // Runs best-effort messages.
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
    caf::result<void>(open_file), caf::result<void>(end_of_turn),
    // Sent by its other thread.
    caf::result<void>(log_copied)>;
};

using sqlite_writer_actor = compat::handle<sqlite_writer_trait>;

/// Starts the actor that owns the only connection that writes; on its own
/// thread, unless `options::thread` selects the scheduler.
///
/// It opens the file, sends `writer_ready` to `database` and then works in
/// turns: it collects the requests in its mailbox up to a marker that it has
/// sent to itself, runs them in policy order in one transaction, commits, and
/// replies. A request that runs out of memory or throws is undone alone. A
/// failing connection, or an exception outside of requests, ends it as
/// `writer_failed` describes: the request that ran then runs once more, alone,
/// before it gets the error. `last_reason` is the reason why the previous
/// writer ended.
sqlite_writer_actor
spawn_sqlite_writer(caf::actor_system& sys, database_core_actor database,
                    std::shared_ptr<const options> opts, metrics_ptr shared,
                    std::shared_ptr<writer_handover> estate,
                    caf::error last_reason);

} // namespace onewriter
