#pragma once

#include "actors/index/index_job.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

namespace onewriter {

/// The jobs of an indexer that run, each on a runner. Belongs to the indexer.
class running_jobs {
public:
  using promise = caf::typed_response_promise<void>;

  /// Adds a job that has a runner, and returns it; it stays in its place.
  /// Retries for memory like `insist`.
  const index_job& add(index_job job);

  /// Removes and returns a job, if it runs.
  std::optional<index_job> take(uint64_t id);

  /// Returns the number of the job that `runner` runs, if it runs one.
  std::optional<uint64_t> job_of(const caf::actor_addr& runner) const;

  /// Tells the job that adds `document` to end, if there is one; `done` is
  /// fulfilled at its end. Returns whether there is one.
  bool cancel(const document_name& document, promise done);

  /// Tells all jobs to end, for a later process to continue them.
  void stop_all();

  /// The same for the removal of garbage only.
  void stop_cleanup();

  /// Stops all jobs, and answers all callers that wait for them, with `reason`.
  void abandon_all(const caf::error& reason);

  bool empty() const {
    return jobs_.empty();
  }

  bool has_cleanup() const;

  /// Returns how many jobs run for callers or for an earlier process.
  size_t size_without_cleanup() const;

private:
  // By their numbers.
  std::map<uint64_t, index_job> jobs_;
};

} // namespace onewriter
