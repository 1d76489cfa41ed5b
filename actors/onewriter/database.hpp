#pragma once

#include "onewriter/options.hpp"
#include "onewriter/protocol.hpp"

namespace onewriter {

/// Starts the actors of a database and returns at once the one that callers
/// send messages to. Requests wait until the file is open. If it cannot be
/// opened, each request gets the reason; `describe_database` asks for it. The
/// actor runs on the scheduler's threads and never touches SQLite.
///
/// The file stays open until `close` is sent (or the actor is sent an exit
/// message, which closes it without carrying out waiting requests). The actor
/// system does not end before. Afterwards, and after a failure, the actor
/// answers late requests for as long as there are handles to it, and the system
/// may end.
database_actor spawn_database(caf::actor_system& sys, options opts);

/// Like `spawn_database`, but waits until the file is open. Errors: all reasons
/// why the file cannot be opened, among them `ec::invalid_argument`,
/// `ec::cannot_open`, `ec::read_only`, `ec::not_a_database`, `ec::corrupt`,
/// `ec::no_write_ahead_log`, `ec::network_file_system`, `ec::newer_schema`,
/// `ec::missing_feature`, and `ec::busy` if another program kept the file
/// locked for all of `options::lock_patience`. Must be called from a thread
/// that is not an actor.
[[nodiscard]] caf::expected<database_actor>
open_database(caf::actor_system& sys, options opts);

} // namespace onewriter
