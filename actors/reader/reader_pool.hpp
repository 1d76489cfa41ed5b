#pragma once

#include "actors/core/database_core.hpp"
#include "actors/core/metrics.hpp"
#include "onewriter/compat/interface.hpp"
#include "onewriter/options.hpp"

#include <memory>

namespace onewriter {

/// Asks the reader pool to finish what it runs and to close its connections.
/// Reply: nothing, when they are closed. What waits gets `reason`, or
/// `ec::closed` where there is none, unless `drain`.
struct close_readers {
  bool drain = true;
  caf::error reason = {};
};

} // namespace onewriter

ONEWRITER_BEGIN_MESSAGES(readers, 154)
ONEWRITER_MESSAGE(readers, close_readers)
ONEWRITER_END_MESSAGES(readers, 155)

namespace onewriter {

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

/// Returns how many readers a pool starts: as many as `options::readers` with a
/// thread of their own, and where there is a `quick_query_time`, behind them as
/// many on the scheduler's threads.
uint32_t reader_slots(const options& opts);

/// Starts the actor that spreads queries over readers, on the scheduler's
/// threads; it never touches SQLite. `shared` needs room for `reader_slots` and
/// for as many cursors as the options say.
///
/// - Queries, searches and lists of dead letters wait in line for a reader to
///   be idle, first in, first out. The line is bounded (`ec::overloaded`),
///   and what expires in it is answered then. The reader replies to the caller
///   itself.
/// - Where there are quick readers, each query goes to one of them first. One
///   that takes longer than `quick_query_time` begins anew on a reader with a
///   thread of its own, for which it waits in a line of its own: nobody waits
///   for a long query but other long ones.
/// - Readers are restarted by a supervisor of the pool's own, within
///   `options::restarts`; a query whose reader fails goes to another one, and
///   waits where there is none. What the supervisor says (`child_event`, for
///   the children "reader 0", "reader 1"... and "quick reader 0"...) is passed
///   on to `database`.
/// - When the supervisor gives up, everything that waits gets its error, and
///   the pool terminates with it once all connections are closed and the
///   database has answered `readers_failed`.
/// - Cursors, at most `options::max_cursors` at once (`ec::overloaded`), and
///   backups and integrity checks, one of them at a time and 8 more that wait
///   (`ec::overloaded`), have actors and connections of their own. A deadline
///   of zero means ten minutes for an integrity check; a backup has none.
///
/// `close_readers` and exit messages end the pool: what comes later gets
/// `ec::closed`, cursors are closed at once. With `drain` everything else that
/// was accepted is carried out first, backups included. Without, what waits
/// gets `ec::closed` and a backup is cancelled; queries that run, and an
/// integrity check, go on until their deadlines. A second `close_readers`
/// without `drain` cuts a draining short. The reply comes when all connections
/// are closed; the pool has terminated or is about to.
reader_pool_actor
spawn_reader_pool(caf::actor_system& sys, database_core_actor database,
                  std::shared_ptr<const options> opts, metrics_ptr shared);

} // namespace onewriter
