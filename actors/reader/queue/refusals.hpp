#pragma once

#include <caf/error.hpp>

#include <chrono>
#include <cstddef>

// The errors of requests that the reader pool itself refuses.

namespace onewriter {

/// Returns `ec::overloaded` for a query, a search or a list of dead letters.
/// `waiting` of them wait for a reader, the first one for the time `wait`,
/// which becomes the time to retry after, if it is longer than 100 ms.
caf::error too_many_queries(size_t waiting, std::chrono::nanoseconds wait);

/// Returns `ec::overloaded` for a cursor while `open` others are open; to retry
/// after 100 ms.
caf::error too_many_cursors(size_t open);

/// Returns `ec::overloaded` for a backup or an integrity check, of which
/// `waiting` wait; to retry after a second.
caf::error too_much_maintenance(size_t waiting);

/// Returns `ec::deadline_exceeded`.
caf::error expired_while_waiting();

} // namespace onewriter
