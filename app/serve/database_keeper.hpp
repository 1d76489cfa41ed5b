#pragma once

#include "app/serve/database_supervisor.hpp"
#include "app/serve/serve_messages.hpp"

namespace onewriter::node {

/// Interface of the actor that keeps a database open.
struct database_keeper_trait {
  using signatures = compat::type_list<
    // Handed on to the database. Its end is no failure from now on.
    caf::result<close_receipt>(close),
    // From the database.
    caf::result<void>(alert),
    // Sent to itself.
    caf::result<void>(look_again)>;
};

using database_keeper_actor = compat::handle<database_keeper_trait>;

/// Starts an actor that opens the database `what`, owned by this process or
/// another one, tells `observer` when it is open, and writes its events and
/// alerts to the log. It ends when the database cannot be opened or has given
/// up, after it was closed: with the reason, or, where that does not mend
/// itself, normally and after `database_lost`. Asked to end, it closes the
/// database first; what waits there is refused. Never blocks.
database_keeper_actor
spawn_database_keeper(caf::actor_system& sys, served_file what,
                      service_log_ptr log, database_observer_actor observer);

} // namespace onewriter::node
