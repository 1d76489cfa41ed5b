#pragma once

#include "actors/reader/worker/reader_context.hpp"
#include "onewriter/compat/interface.hpp"

#include <cstdint>

namespace onewriter {

/// Interface of an actor that owns a reader connection.
struct sqlite_reader_trait {
  using signatures = compat::type_list<caf::result<result_set>(query_work),
                                       caf::result<search_hits>(search_work),
                                       caf::result<dead_letters>(letters_work),
                                       caf::result<void>(release_connections),
                                       // Sent to itself.
                                       caf::result<void>(open_file)>;
};

using sqlite_reader_actor = compat::handle<sqlite_reader_trait>;

/// Number of connections that may fail while they run one query before its
/// caller gets the error: the query may be the cause.
inline constexpr uint32_t max_read_attempts = 3;

/// Starts an actor that owns one read-only connection for life: a dedicated
/// reader on its own thread or, in a slot beyond `options::readers`, an inline
/// reader on the scheduler's threads.
///
/// It opens the file, sends `reader_idle` to the pool, runs the query that it
/// then gets, replies, and sends `reader_idle` again: the pool sends one query
/// at a time. Each query sees one snapshot. Expired queries are not run;
/// running queries are stopped at their deadline.
///
/// An inline reader stops a query after `options::quick_query_time` and hands
/// it back to the pool, marked as long; likewise a query that would have to
/// wait for another program's lock.
///
/// A query that runs out of memory gets `ec::out_of_memory`, and the actor
/// continues. After another error that makes the connection unreliable
/// (`sqlite::is_fatal`), and after a C++ exception, it hands the query back to
/// the pool and closes the connection. If `judge_reader` would count the error
/// as a failure of the reader, it opens the file again, because the query may
/// be the cause; otherwise it terminates with the error. Its metrics are in
/// `context.shared->readers[slot]`, which must exist.
sqlite_reader_actor spawn_sqlite_reader(caf::actor_system& sys,
                                        reader_context context, uint32_t slot);

/// Judges the end of a reader for its supervisor. Temporary conditions (a full
/// disk, a lock, an I/O error, a file that only the writer can recover) are
/// excused; permanent ones (no database, a replaced file, a missing feature)
/// make the supervisor give up.
verdict judge_reader(const caf::error& reason);

} // namespace onewriter
