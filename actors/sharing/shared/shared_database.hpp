#pragma once

#include "actors/sharing/owner_search.hpp"
#include "onewriter/options.hpp"

#include <functional>

namespace onewriter {

/// The interface of a shared database.
using full_shared_actor
  = compat::handle<compat::joined_trait<database_trait, shared_core_trait>>;

/// Starts the actor that callers send requests for the database at `opts.path`
/// to, whichever process owns the file. It opens the file or joins its owner,
/// and does so again when the owner ends: requests that it has not seen the
/// reply of are sent again, writes under idempotency keys.
database_actor spawn_shared_database(caf::actor_system& sys, options opts);

/// Starts what finds the database for a shared one, its user, and ends as an
/// owner finder does.
using finder_factory = std::function<owner_finder_actor(
  caf::actor_system&, options, shared_core_actor)>;

/// The same for a database that `find` finds: on another machine.
database_actor spawn_shared_database(caf::actor_system& sys, options opts,
                                     finder_factory find);

} // namespace onewriter
