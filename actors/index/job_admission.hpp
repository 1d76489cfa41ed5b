#pragma once

#include "actors/index/index_job.hpp"
#include "actors/index/job_queue.hpp"
#include "onewriter/index.hpp"
#include "onewriter/job.hpp"
#include "onewriter/options.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace onewriter {

/// Decides whether there is room for a request, and makes jobs, each with a
/// number of its own. Belongs to the indexer.
class job_admission {
public:
  job_admission() = default;

  explicit job_admission(const options& opts);

  /// Fails with `ec::overloaded` if the jobs in `waiting` leave no room for
  /// that of `what`. If no job waits, there is room for any.
  template <class Request>
  [[nodiscard]] caf::error
  check_room(const Request& what, const job_queue& waiting) const {
    return check_room(bytes_of(what), waiting);
  }

  /// Makes the job of a request; the caller adds who waits for it. A relative
  /// path is resolved. A job that an earlier process left in `waiting` for the
  /// same document is to be replaced by this one, which then has a leftover.
  index_job make(chunked_index what, const job_queue& waiting);

  index_job make(remove_document what, const job_queue& waiting);

  index_job make(chunked_job what, const job_queue& waiting);

  /// Makes a job that continues one of an earlier process.
  index_job make_resumed(chunked_index what);

  /// Makes a job that removes garbage of other jobs.
  index_job make_cleanup();

  /// Returns the number of the next job, which also tells apart the chunks that
  /// the database gets.
  uint64_t next_id() {
    return ++last_id_;
  }

private:
  // Approximate sizes in memory while the jobs wait.
  static size_t bytes_of(const chunked_index& what);

  static size_t bytes_of(const remove_document& what);

  static size_t bytes_of(const chunked_job& what);

  caf::error check_room(size_t bytes, const job_queue& waiting) const;

  index_job make_job(std::optional<document_name> document, size_t bytes);

  void add_source(index_job& job, chunked_index what) const;

  queue_options limits_;
  // Files of the database, which are never read.
  std::vector<std::string> off_limits_;
  uint64_t last_id_ = 0;
};

} // namespace onewriter
