#pragma once

#include "actors/reader_context.hpp"

namespace onewriter {

/// Starts an actor that makes one backup or one integrity check on a connection
/// and a thread of its own, so that queries need not wait for it.
///
/// Its first message says which. It closes the connection, says
/// `maintenance_done` to the pool, replies and terminates. A backup is copied
/// in steps, with `backup_progress` to its listener after each; between two of
/// them it takes notice of `cancel_maintenance`. The verification at its end
/// and an integrity check cannot be cancelled; the latter has a deadline. Since
/// when it keeps the log from being reused is in `context.shared->maintenance`.
sqlite_backup_actor spawn_sqlite_backup(caf::actor_system& sys,
                                        reader_context context);

} // namespace onewriter
