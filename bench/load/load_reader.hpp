#pragma once

#include "bench/load/load_generator.hpp"

namespace onewriter::bench {

/// Starts a reader that asks for one row after the other, drawn from those that
/// are there, until the time is over.
load_member_actor spawn_load_reader(caf::actor_system& sys,
                                    std::shared_ptr<const load_context> context,
                                    size_t number);

} // namespace onewriter::bench
