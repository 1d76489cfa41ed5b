#pragma once

#include "bench/load/load_messages.hpp"
#include "bench/measure/recorder.hpp"
#include "bench/workload/task.hpp"

#include <memory>
#include <string>

namespace onewriter::bench {

/// The environment of a load.
struct load_context {
  /// Any database, in this process or elsewhere, that has the schema.
  database_actor database;
  task what;
  std::shared_ptr<recorder> records;
  /// A text file to be indexed, where the task wants that.
  std::string document;
  /// The number of the first client.
  size_t first_client = 0;
};

/// Starts the actor that generates load: its clients are actors of their own,
/// so that the database sees as many senders as there are clients. Send it
/// `run_load`, once. Runs on the scheduler's threads.
load_generator_actor spawn_load_generator(caf::actor_system& sys,
                                          load_context context);

} // namespace onewriter::bench
