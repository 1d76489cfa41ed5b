#pragma once

#include "actors/sharing/owner_search.hpp"
#include "actors/sharing/relay/batches.hpp"

namespace onewriter {

/// Starts an actor of `sys`, the network's, that passes requests of `user` on
/// to `session`, which the owner of the database has started for this process,
/// and the replies back. Actors in messages that pass are represented by actors
/// of `sys`.
///
/// It tells `user` when the owner has not said anything for two seconds, and
/// when it does again. Ends with `session`.
link_actor spawn_database_link(caf::actor_system& sys,
                               const caf::actor& session,
                               shared_core_actor user);

} // namespace onewriter
