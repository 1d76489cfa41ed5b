#pragma once

#include "actors/sharing/owner_search.hpp"
#include "onewriter/options.hpp"

namespace onewriter {

/// Starts the actor that opens the database at `opts.path`, or joins the
/// process that has it open, and tells `user`; and that does so again when that
/// process has ended. Has a thread of its own, and blocks it. Ends after
/// `owner_search_failed` and `stop_sharing`.
owner_finder_actor spawn_owner_finder(caf::actor_system& sys, options opts,
                                      shared_core_actor user);

} // namespace onewriter
