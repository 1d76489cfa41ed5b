#pragma once

#include "bench/load/load_generator.hpp"
#include "bench/workload/task.hpp"
#include "onewriter/client.hpp"

namespace onewriter::bench {

/// Makes the tables that `what` writes to. Throws `std::runtime_error`.
void make_schema(client& db, const task& what);

/// Runs a load of actors of `sys` to its end. Throws `std::runtime_error`.
void run_client_actors(caf::actor_system& sys, load_context context);

} // namespace onewriter::bench
