#pragma once

#include "actors/reader_context.hpp"

#include <cstdint>

namespace onewriter {

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
