#pragma once

#include "actors/reader/worker/sqlite_cursor.hpp"
#include "onewriter/compat/interface.hpp"

namespace onewriter {

/// Interface for messages from the owner of a cursor's connection to the actor
/// that answers its client.
struct cursor_core_trait {
  using signatures = compat::type_list<caf::result<void>(cursor_ended)>;
};

using cursor_core_actor = compat::handle<cursor_core_trait>;

/// Starts the actor that the client of a cursor sends to, on the scheduler's
/// threads.
///
/// It forwards requests to `owner`, which has the connection. After the
/// cursor's end it answers `ec::cursor_closed` itself, for as long as there are
/// handles to it, and needs neither a connection nor a thread. It terminates
/// with its last handle, and the cursor with it.
///
/// Hidden from the actor system, which therefore does not wait for clients that
/// keep the handles of old cursors when it is shut down.
cursor_actor spawn_cursor(caf::actor_system& sys, sqlite_cursor_actor owner);

} // namespace onewriter
