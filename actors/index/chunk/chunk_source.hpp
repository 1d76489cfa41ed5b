#pragma once

#include "actors/core/pending_write.hpp"
#include "messages/private_message.hpp"
#include "onewriter/index.hpp"
#include "onewriter/job.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace onewriter {

/// Signals to a running job, which checks them between two pieces of its work.
struct job_signals {
  /// End, and undo the work done.
  std::atomic<bool> cancelled{false};
  /// End, and keep the work done: a later job may continue it.
  std::atomic<bool> stopped{false};
};

using job_signals_ptr = std::shared_ptr<job_signals>;

/// Returns `ec::cancelled` or `ec::closed` if the job must end.
caf::error interruption(const job_signals& signals);

/// The result of the last run of a chunk. Written on the writer's thread, read
/// after the reply.
struct chunk_measures {
  /// Number of units; 0 if the time is no measure of a unit.
  size_t units = 0;
  /// How long it occupied the writer: the part that grows with the units, and
  /// in total.
  std::chrono::nanoseconds sized{0};
  std::chrono::nanoseconds all{0};
};

/// One transaction of a job. The request owns all of its data, because it may
/// be repeated, also after the job has abandoned it.
struct chunk {
  work_request request;
  size_t bytes = 0;
  /// Whether the same request may be sent again if its outcome is unknown.
  bool repeatable = false;
  std::shared_ptr<chunk_measures> measures = std::make_shared<chunk_measures>();
};

/// Makes the request of a chunk of the job `sender` that can be sent to the
/// database.
pending_write_ptr to_pending_write(const chunk& what, uint64_t sender);

/// How large a chunk should be.
struct chunk_size {
  size_t units = 1;
  /// How long it may occupy the writer. The units are chosen accordingly; the
  /// time is for work that is not measured in units.
  std::chrono::nanoseconds time{0};
};

/// What a unit of a chunk is.
enum class chunk_kind : uint8_t {
  /// A passage that is added.
  passages,
  /// A passage that is removed.
  removals,
  /// A unit defined by the embedding program.
  foreign,
};

inline constexpr size_t chunk_kind_count = 3;

/// A long job, cut into chunks, that a `chunk_runner` runs. All functions but
/// `kind` are called on the runner's thread and may block.
class chunk_source {
public:
  virtual ~chunk_source() = default;

  virtual chunk_kind kind() const = 0;

  /// Returns the next chunk, of about that size; nothing when the job is done.
  [[nodiscard]] virtual caf::expected<std::optional<chunk>>
  next(const chunk_size& size) = 0;

  /// Called when the last chunk is committed.
  virtual void committed(const chunk& what, const write_receipt& receipt) = 0;

  /// Called when the job has failed or must end. Returns whether something has
  /// to be undone: then `next` returns the chunks for that.
  virtual bool abandon(const caf::error& reason) = 0;

  /// Returns the progress of the job; nothing for jobs without a measure.
  virtual std::optional<index_progress> progress() const {
    return std::nullopt;
  }

  /// Whether invisible passages were left behind that have to be removed.
  virtual bool left_garbage() const {
    return false;
  }

  /// Adds the fields that only the job knows; the caller fills in the rest.
  virtual void complete(index_receipt&) const {
    // nop
  }
};

/// Asks a runner to run a job to its end. Reply: a `job_outcome`, also when the
/// job failed. One job at a time.
struct run_job {
  /// Distinguishes the job's chunks from those of other jobs.
  uint64_t id = 0;
  std::shared_ptr<chunk_source> source;
  /// Receives `index_progress`; may be empty.
  caf::actor listener;
};

/// How a job ended.
struct job_outcome {
  /// `caf::none` for success.
  caf::error reason;
  job_receipt totals;
  index_receipt document;
  bool left_garbage = false;
};

} // namespace onewriter

ONEWRITER_BEGIN_MESSAGES(jobs, 134)
ONEWRITER_MESSAGE(jobs, run_job)
ONEWRITER_MESSAGE(jobs, job_outcome)
ONEWRITER_END_MESSAGES(jobs, 140)
