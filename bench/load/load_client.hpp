#pragma once

#include "bench/load/load_generator.hpp"

namespace onewriter::bench {

/// Starts a client that writes the rows of its `number`, as fast as the
/// replies allow, or at fixed times where the task has a rate of arrivals. It
/// ends when the time is over and everything is answered.
load_member_actor spawn_load_client(caf::actor_system& sys,
                                    std::shared_ptr<const load_context> context,
                                    size_t number);

} // namespace onewriter::bench
