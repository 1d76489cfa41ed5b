#pragma once

#include "actors/core/database_core.hpp"
#include "actors/core/metrics.hpp"
#include "actors/index/chunk/chunk_source.hpp"
#include "onewriter/compat/interface.hpp"

#include <chrono>

namespace onewriter {

/// Interface of an actor that runs the jobs of an indexer, one at a time.
struct chunk_runner_trait {
  using signatures = compat::type_list<
    // Runs a job. The reply comes when it has ended, with or without success.
    caf::result<job_outcome>(run_job)>;
};

using chunk_runner_actor = compat::handle<chunk_runner_trait>;

/// Starts a runner on its own thread: jobs read files and compute.
///
/// Each chunk is a request to `database`, sized to occupy the writer for no
/// longer than `chunk_time`, or less while callers of the database write, as
/// `shared` shows (see `chunk_limit`). A runner keeps the measured sizes for
/// the next job of the same kind.
chunk_runner_actor
spawn_chunk_runner(caf::actor_system& sys, database_core_actor database,
                   std::chrono::nanoseconds chunk_time, metrics_ptr shared);

} // namespace onewriter
