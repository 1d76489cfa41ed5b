#pragma once

#include "actors/reader/reader_context.hpp"
#include "onewriter/compat/interface.hpp"

#include <cstdint>

namespace onewriter {

/// Nobody asks a cursor any more: its last handle is gone, or it was told that
/// the cursor has ended. What was asked before comes before this message.
struct release_cursor {};

/// The cursor's own: looks whether it has been idle for too long.
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

/// Starts an actor that owns the connection of one cursor, on a thread of its
/// own; its first message is a `cursor_work`.
///
/// It opens the file, takes the snapshot, prepares the query and replies with
/// the handle of an actor for the client (`spawn_cursor`): what is wrong with
/// the query is an error of this reply. Every page has the query's deadline,
/// anew. The cursor ends with its last page, with an error, with
/// `close_cursor`, after `idle_limit` without a request, and when the client's
/// last handle is gone. Then it closes the connection, says `cursor_ended` to
/// the pool and to the client's actor, and terminates as soon as that knows.
///
/// When the snapshot was taken is in `context.shared->cursors[slot]`, which has
/// to exist.
sqlite_cursor_actor spawn_sqlite_cursor(caf::actor_system& sys,
                                        reader_context context, uint32_t slot);

} // namespace onewriter
