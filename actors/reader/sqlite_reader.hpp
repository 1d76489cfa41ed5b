#pragma once

#include "actors/reader/reader_context.hpp"
#include "onewriter/compat/interface.hpp"

#include <cstdint>

namespace onewriter {

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

/// How many connections may fail under one query before its caller gets the
/// error: it may be the query that brings them down.
inline constexpr uint32_t max_read_attempts = 3;

/// Starts an actor that owns one read-only connection for life, on a thread of
/// its own; in a slot beyond `options::readers` it is a quick one, on the
/// scheduler's threads.
///
/// It opens the file, says `reader_idle` to the pool, runs the query that it
/// then gets, replies, and says `reader_idle` again: the pool sends one query
/// at a time. Each query sees one snapshot. What has expired is not run; what
/// runs is stopped at its deadline.
///
/// A quick reader stops a query after `options::quick_query_time` and hands it
/// back to the pool, marked as long; likewise one that would have to wait for
/// another program's lock.
///
/// A query that runs out of memory gets `ec::out_of_memory`, and the actor goes
/// on. After another error that leaves the connection in doubt
/// (`sqlite::is_fatal`), and after a C++ exception, it hands the query back to
/// the pool and closes the connection. Where `judge_reader` would count the
/// error as a failure of the reader's, it opens the file again, for it may be
/// the query's; otherwise it terminates with the error. Numbers go to
/// `context.shared->readers[slot]`, which has to exist.
sqlite_reader_actor spawn_sqlite_reader(caf::actor_system& sys,
                                        reader_context context, uint32_t slot);

/// Tells a supervisor what the end of a reader means. What passes without
/// anybody's help (a full disk, a lock, an I/O error, a file that only the
/// writer can recover) is excused; what restarting cannot mend (no database, a
/// file that was replaced, a feature that is missing) makes it give up.
verdict judge_reader(const caf::error& reason);

} // namespace onewriter
