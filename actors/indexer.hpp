#pragma once

#include "actors/gauges.hpp"
#include "actors/internal.hpp"
#include "actors/options.hpp"

namespace onewriter {

/// Starts the actor that runs index jobs and the tasks of the embedding
/// program.
///
/// At most `options::index_jobs` run at a time, each on a thread of its own;
/// the others wait in order, and are refused with `ec::overloaded` beyond what
/// `options::queue` allows. Of the jobs that concern the same document one runs
/// at a time, the one that came first. Beside them runs a job that removes what
/// others have left behind, as long as there is something.
///
/// It ends when it has been closed. What it writes goes through `database`,
/// chunk by chunk.
indexer_actor spawn_indexer(caf::actor_system& sys,
                            database_core_actor database, const options& opts,
                            gauges_ptr shared);

} // namespace onewriter
