#pragma once

#include "onewriter/compat/inspection.hpp"
#include "onewriter/transaction.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace onewriter {

/// A long job cut into chunks. Each chunk is one transaction, and other work
/// runs between two of them. `prepare` and `apply` alternate: `prepare` runs on
/// a thread of the job, where it may read files or compute; `apply` on the
/// thread that runs the writer.
class chunked_task {
public:
  virtual ~chunked_task();

  /// Prepares about `units` units of work and returns how many it has prepared,
  /// 0 when the job is done. The task defines the unit; twice as many should
  /// take about twice as long. A task whose chunks cannot be divided may always
  /// return 1.
  [[nodiscard]] virtual caf::expected<size_t> prepare(size_t units) = 0;

  /// Applies the prepared work. May run again for the same chunk if the first
  /// transaction was lost; it is committed once. An error ends the job; earlier
  /// chunks stay committed.
  [[nodiscard]] virtual caf::error apply(session& db) = 0;

  /// Called on the job's thread when the chunk is committed.
  virtual void committed() {
    // nop
  }

  /// Called when the job fails or is cancelled, so that it can undo earlier
  /// chunks: `prepare` and `apply` are then called until `prepare` returns 0.
  /// Returns false if there is nothing to undo.
  virtual bool abandon(const caf::error&) {
    return false;
  }
};

/// Asks, within one process, to run a task of the embedding program in the lane
/// for chunks. Reply: a `job_receipt` when all chunks are committed. Chunks are
/// sized to stay under the database's time budget for a chunk.
struct chunked_job {
  std::shared_ptr<chunked_task> task;
};

/// Confirms a finished job.
struct job_receipt {
  /// Number of the last commit.
  uint64_t commit = 0;
  uint64_t chunks = 0;
  uint64_t units = 0;
  /// The longest time that one chunk occupied the writer.
  std::chrono::nanoseconds longest_chunk{0};
};

template <class Inspector>
auto inspect(Inspector& f, job_receipt& x) {
  return compat::inspect_object(
    f, x, compat::field("commit", x.commit), compat::field("chunks", x.chunks),
    compat::field("units", x.units),
    compat::field("longest_chunk", x.longest_chunk));
}

} // namespace onewriter

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(onewriter::chunked_job)
