#pragma once

#include "bench/load/load_generator.hpp"

#include <vector>

namespace onewriter::bench {

/// Returns the statements that make the tables of the background load, in
/// addition to the table that is measured.
std::vector<std::string> background_schema_sql(background_load x);

/// Starts the background load of a task, if any. It ends when it is asked to.
std::vector<load_member_actor>
spawn_background_load(caf::actor_system& sys,
                      std::shared_ptr<const load_context> context);

/// Sends best-effort messages in bursts: the next burst comes `pause` after the
/// database has counted the last one. `keys` messages replace each other; with
/// zero, none does.
struct flood_options {
  size_t burst = 2'000;
  size_t keys = 0;
  std::chrono::nanoseconds pause{0};
};

load_member_actor spawn_flood(caf::actor_system& sys, database_actor database,
                              flood_options opts);

/// Keeps `outstanding` writes on their way.
load_member_actor spawn_greedy_sender(caf::actor_system& sys,
                                      database_actor database,
                                      size_t outstanding);

/// Has the file `path` indexed under one key after the other.
load_member_actor spawn_document_feeder(caf::actor_system& sys,
                                        database_actor database,
                                        std::string path);

/// Makes the writer fail, `interval` after it has failed before.
load_member_actor spawn_load_saboteur(caf::actor_system& sys,
                                      database_actor database,
                                      std::chrono::nanoseconds interval);

} // namespace onewriter::bench
