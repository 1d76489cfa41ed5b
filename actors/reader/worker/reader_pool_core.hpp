#pragma once

#include "actors/core/database_core.hpp"
#include "actors/reader/worker/read_work.hpp"
#include "messages/private_message.hpp"
#include "onewriter/compat/interface.hpp"

#include <chrono>
#include <cstdint>

// Messages from the reading actors to their pool.

namespace onewriter {

/// A reader can take a query: it is open, or done with the last one. Sent by
/// the reader.
struct reader_idle {
  uint32_t slot = 0;
};

/// A cursor has released its snapshot and closed its connection, for `reason`.
/// Sent by the actor that had it, to the pool and to the actor that answers the
/// cursor's client.
struct cursor_ended {
  uint32_t slot = 0;
  caf::error reason;
};

/// A backup or an integrity check is over and its connection closed.
struct maintenance_done {};

/// Sent by the reader pool to itself: checks for expired queries.
struct check_waiting {
  std::chrono::steady_clock::time_point at;
};

} // namespace onewriter

ONEWRITER_BEGIN_MESSAGES(pool, 140)
ONEWRITER_MESSAGE(pool, query_work)
ONEWRITER_MESSAGE(pool, search_work)
ONEWRITER_MESSAGE(pool, letters_work)
ONEWRITER_MESSAGE(pool, cursor_work)
ONEWRITER_MESSAGE(pool, backup_work)
ONEWRITER_MESSAGE(pool, check_work)
ONEWRITER_MESSAGE(pool, reader_idle)
ONEWRITER_MESSAGE(pool, cursor_ended)
ONEWRITER_MESSAGE(pool, maintenance_done)
ONEWRITER_MESSAGE(pool, check_waiting)
ONEWRITER_END_MESSAGES(pool, 154)

namespace onewriter {

/// The interface of the reader pool for its own actors.
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

} // namespace onewriter
