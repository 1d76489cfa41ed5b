#pragma once

#include "actors/reader/sqlite_cursor.hpp"
#include "onewriter/compat/interface.hpp"

namespace onewriter {

/// What the owner of a cursor's connection sends to what answers its client.
struct cursor_core_trait {
  using signatures = compat::type_list<caf::result<void>(cursor_ended)>;
};

using cursor_core_actor = compat::handle<cursor_core_trait>;

/// Starts what the client of a cursor talks to, on the scheduler's threads.
///
/// It forwards requests to `owner`, which has the connection, and takes note of
/// the cursor's end: from then on it answers `ec::cursor_closed` itself, for as
/// long as anybody holds its handle, and needs neither a connection nor a
/// thread. When the last handle is gone, so is it; a cursor that has not ended
/// by then ends.
///
/// Hidden from the actor system, which therefore does not wait for clients that
/// keep the handles of old cursors when it is shut down.
cursor_actor spawn_cursor(caf::actor_system& sys, sqlite_cursor_actor owner);

} // namespace onewriter
