#pragma once

#include "actors/sharing/owner_search.hpp"
#include "onewriter/options.hpp"

namespace onewriter {

/// The interface of a shared database.
using full_shared_actor
  = compat::handle<compat::joined_trait<database_trait, shared_core_trait>>;

/// Starts the actor that callers send requests for the database at `opts.path`
/// to, whichever process owns the file. It opens the file or joins its owner,
/// and does so again when the owner ends: requests that it has not seen the
/// reply of are sent again, writes under idempotency keys.
database_actor spawn_shared_database(caf::actor_system& sys, options opts);

} // namespace onewriter
