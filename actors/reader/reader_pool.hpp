#pragma once

#include "actors/core/database_core.hpp"
#include "actors/core/metrics.hpp"
#include "onewriter/compat/interface.hpp"
#include "onewriter/options.hpp"

#include <memory>

namespace onewriter {

/// Asks the reader pool to finish what it runs and to close its connections.
/// Reply: nothing, when they are closed. Unless `drain`, waiting requests get
/// `reason`, or `ec::closed` if there is none.
struct close_readers {
  bool drain = true;
  caf::error reason = {};
};

} // namespace onewriter

ONEWRITER_BEGIN_MESSAGES(readers, 154)
ONEWRITER_MESSAGE(readers, close_readers)
ONEWRITER_END_MESSAGES(readers, 155)

namespace onewriter {

/// Interface of the actor that distributes queries over the readers.
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

/// Returns the number of readers that a pool starts: `options::readers`
/// dedicated readers, each on its own thread, and, if `quick_query_time` is
/// set, as many inline readers on the scheduler's threads behind them.
uint32_t reader_slots(const options& opts);

/// Starts the actor that distributes queries over readers, on the scheduler's
/// threads; it never touches SQLite. `shared` needs room for `reader_slots` and
/// for as many cursors as the options say.
///
/// - Queries, searches and lists of dead letters wait in a queue for an idle
///   reader, first in, first out. The queue is bounded (`ec::overloaded`), and
///   requests that expire in it are answered then. The reader replies to the
///   caller directly.
/// - If there are inline readers, each query goes to one of them first. A query
///   that takes longer than `quick_query_time` starts again on a dedicated
///   reader, for which it waits in a separate queue: only long queries wait for
///   a long query.
/// - Readers are restarted by a supervisor of the pool's own, within
///   `options::restarts`; a query whose reader fails goes to another one, and
///   waits if there is none. The supervisor's events (`child_event`, for the
///   children "reader 0", "reader 1"... and "inline reader 0"...) are forwarded
///   to `database`.
/// - When the supervisor gives up, all waiting requests get its error, and the
///   pool terminates with it once all connections are closed and the database
///   has answered `readers_failed`.
/// - Cursors, at most `options::max_cursors` at once (`ec::overloaded`), and
///   backups and integrity checks, one of them at a time and 8 more that wait
///   (`ec::overloaded`), have their own actors and connections. A deadline of
///   zero means ten minutes for an integrity check; a backup has none.
///
/// `close_readers` and exit messages end the pool: later requests get
/// `ec::closed`, and cursors are closed at once. With `drain` all other
/// accepted requests are carried out first, backups included. Without it,
/// waiting requests get `ec::closed` and a backup is cancelled; running queries
/// and an integrity check continue until their deadlines. A second
/// `close_readers` without `drain` ends the draining. The reply comes when all
/// connections are closed; the pool has terminated or is about to.
reader_pool_actor
spawn_reader_pool(caf::actor_system& sys, database_core_actor database,
                  std::shared_ptr<const options> opts, metrics_ptr shared);

} // namespace onewriter
