#pragma once

#include "actors/reader/worker/reader_context.hpp"
#include "onewriter/compat/interface.hpp"

#include <cstdint>

namespace onewriter {

/// A cursor gets no more requests: its last handle is gone, or its client's
/// actor knows that the cursor has ended. Earlier requests arrive before this
/// message.
struct release_cursor {};

/// Sent by the cursor to itself: checks whether it has been idle for too long.
struct check_cursor {};

} // namespace onewriter

ONEWRITER_BEGIN_MESSAGES(cursor, 155)
ONEWRITER_MESSAGE(cursor, release_cursor)
ONEWRITER_MESSAGE(cursor, check_cursor)
ONEWRITER_END_MESSAGES(cursor, 160)

namespace onewriter {

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

/// Starts an actor that owns the connection of one cursor, on its own thread;
/// its first message is a `cursor_work`.
///
/// It opens the file, takes the snapshot, prepares the query and replies with
/// the handle of an actor for the client (`spawn_cursor`): an error in the
/// query is the error of this reply. The query's deadline applies to each page
/// separately. The cursor ends with its last page, with an error, with
/// `close_cursor`, after `idle_limit` without a request, and when the client's
/// last handle is gone. Then it closes the connection, sends `cursor_ended` to
/// the pool and to the client's actor, and terminates as soon as the latter has
/// received it.
///
/// The time of the snapshot is in `context.shared->cursors[slot]`, which must
/// exist.
sqlite_cursor_actor spawn_sqlite_cursor(caf::actor_system& sys,
                                        reader_context context, uint32_t slot);

} // namespace onewriter
