#pragma once

#include "actors/sharing/owner_search.hpp"
#include "app/remote/remote_address.hpp"
#include "app/remote/secure/sealed_files.hpp"
#include "onewriter/options.hpp"

#include <memory>

namespace onewriter::node {

/// Starts the actor that joins a database of another machine and tells `user`,
/// and that joins it again when the connection is lost. Where that fails the
/// first time, there is no second. Has a thread of its own, and blocks it. Ends
/// after `owner_search_failed` and `stop_sharing`.
owner_finder_actor
spawn_remote_finder(caf::actor_system& sys, remote_address where,
                    std::shared_ptr<const sealed_files> files, options opts,
                    shared_core_actor user);

} // namespace onewriter::node
