#pragma once

#include "actors/core/database_core.hpp"
#include "actors/core/metrics.hpp"
#include "messages/private_message.hpp"
#include "onewriter/compat/interface.hpp"
#include "onewriter/options.hpp"

namespace onewriter {

/// Asks the indexer to stop. With `drain` it finishes its jobs first; otherwise
/// they get `ec::closed`, and those from files continue when the file is opened
/// again. Reply: the number of jobs that got `ec::closed`.
struct close_indexer {
  bool drain = true;
};

/// Asks the indexer to continue the jobs that an earlier process left
/// unfinished. Reply: their number.
struct resume_jobs {};

} // namespace onewriter

ONEWRITER_BEGIN_MESSAGES(indexer, 130)
ONEWRITER_MESSAGE(indexer, close_indexer)
ONEWRITER_MESSAGE(indexer, resume_jobs)
ONEWRITER_END_MESSAGES(indexer, 134)

namespace onewriter {

/// Interface of the actor that runs index jobs and chunked tasks.
struct indexer_trait {
  using signatures = compat::type_list<
    caf::result<index_receipt>(chunked_index),
    caf::result<job_receipt>(chunked_job),
    caf::result<job_receipt>(remove_document), caf::result<void>(cancel_index),
    caf::result<uint64_t>(resume_jobs), caf::result<uint64_t>(close_indexer)>;
};

using indexer_actor = compat::handle<indexer_trait>;

/// Starts the actor that runs index jobs and the tasks of the embedding
/// program.
///
/// At most `options::index_jobs` run at a time, each on its own thread; the
/// others wait in order, and are refused with `ec::overloaded` beyond the
/// limits of `options::queue`. Jobs for the same document run one at a time, in
/// order of arrival. A further job removes garbage of other jobs, as long as
/// there is any.
///
/// It ends when it has been closed. It writes through `database`, chunk by
/// chunk.
indexer_actor spawn_indexer(caf::actor_system& sys,
                            database_core_actor database, const options& opts,
                            metrics_ptr shared);

} // namespace onewriter
