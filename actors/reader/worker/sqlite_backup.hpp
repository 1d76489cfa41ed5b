#pragma once

#include "actors/reader/worker/reader_context.hpp"
#include "onewriter/compat/interface.hpp"

namespace onewriter {

/// Asks a backup to stop. Its requester gets `reason`.
struct cancel_maintenance {
  caf::error reason;
};

/// Sent by the backup to itself: copies the next pages.
struct copy_pages {};

} // namespace onewriter

ONEWRITER_BEGIN_MESSAGES(backup, 160)
ONEWRITER_MESSAGE(backup, cancel_maintenance)
ONEWRITER_MESSAGE(backup, copy_pages)
ONEWRITER_END_MESSAGES(backup, 162)

namespace onewriter {

/// Interface of the actor that makes one backup or one integrity check.
struct sqlite_backup_trait {
  using signatures = compat::type_list<
    // The first message is one of these two.
    caf::result<backup_receipt>(backup_work),
    caf::result<integrity_report>(check_work),
    caf::result<void>(cancel_maintenance),
    // Sent to itself.
    caf::result<void>(copy_pages)>;
};

using sqlite_backup_actor = compat::handle<sqlite_backup_trait>;

/// Starts an actor that makes one backup or one integrity check on its own
/// connection and thread, so that queries need not wait for it.
///
/// Its first message selects the task. Afterwards it closes the connection,
/// sends `maintenance_done` to the pool, replies and terminates. A backup is
/// copied in steps, with `backup_progress` to its listener after each; between
/// two steps it handles `cancel_maintenance`. The verification at its end and
/// an integrity check are stopped only by the closing of the database; the
/// latter has a deadline. The time since when it keeps the log from being
/// reused is in `context.shared->maintenance`.
sqlite_backup_actor spawn_sqlite_backup(caf::actor_system& sys,
                                        reader_context context);

} // namespace onewriter
