#pragma once

#include "actors/sqlite/file/owner_lock.hpp"
#include "onewriter/options.hpp"
#include "onewriter/protocol.hpp"

#include <memory>

namespace onewriter {

/// As `spawn_database`, for a file whose lock this process has taken: the
/// database holds it as long as one of its connections has the file open.
database_actor spawn_owned_database(caf::actor_system& sys, options opts,
                                    std::unique_ptr<sqlite::owner_lock> lock);

/// Waits until `database` has opened its file, and closes it if it cannot:
/// then nothing has the file open any more. Errors: those of `open_database`.
/// Must be called from a thread that may block.
[[nodiscard]] caf::error wait_until_open(caf::actor_system& sys,
                                         const database_actor& database);

} // namespace onewriter
