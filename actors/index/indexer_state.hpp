#pragma once

#include "actors/index/chunk/runner_pool.hpp"
#include "actors/index/indexer.hpp"
#include "actors/index/job_admission.hpp"
#include "actors/index/job_queue.hpp"
#include "actors/index/running_jobs.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace onewriter {

/// The state of an indexer, for its own sources only: its requests
/// (`indexer.cpp`), the jobs that run (`indexer_running.cpp`), those that an
/// earlier process left (`indexer_resumption.cpp`) and its end
/// (`indexer_end.cpp`). Runs on the scheduler's threads.
class indexer_state {
public:
  explicit indexer_state(indexer_actor::pointer self) : self_{self} {
    // nop
  }

  // CAF 0.17 sends no error for a broken promise.
  ~indexer_state();

  indexer_actor::behavior_type make_behavior(database_core_actor database,
                                             const options& opts,
                                             metrics_ptr shared);

  static inline const char* name = "onewriter.indexer";

private:
  using number_promise = caf::typed_response_promise<uint64_t>;

  // -- requests ------------------------------------------------------------------

  template <class Receipt, class Request>
  caf::result<Receipt> add(Request& what);

  caf::result<void> cancel(const cancel_index& what);

  // -- running jobs --------------------------------------------------------------

  void start_jobs();

  void start(index_job job);

  void run(const index_job& job);

  chunk_runner_actor take_runner();

  void lose_runner(const caf::actor_addr& who, const caf::error& why);

  void end(uint64_t id, job_outcome outcome);

  void end(uint64_t id, const caf::error& reason);

  void settle(index_job& job, job_outcome outcome);

  void go_on();

  void start_cleanup();

  void log_failure(const index_job& job, const caf::error& reason) const;

  // -- what an earlier process left ------------------------------------------------

  caf::result<uint64_t> resume();

  void find_jobs();

  void resume(std::vector<chunked_index> found);

  void resume_failed(const caf::error& reason);

  // -- the end -------------------------------------------------------------------

  caf::result<uint64_t> close(const close_indexer& what);

  void refuse_waiting(const caf::error& reason);

  void finish_closing();

  bool is_closing() const {
    return !closing_.empty();
  }

  static caf::error closed_error();

  indexer_actor::pointer self_;
  database_core_actor database_;
  metrics_ptr shared_;
  log_sink log_;
  size_t max_jobs_ = 1;
  std::chrono::nanoseconds chunk_time_{0};

  job_admission admission_;
  job_queue waiting_;
  running_jobs running_;
  runner_pool runners_;
  bool is_cleanup_due_ = false;
  // Callers that wait until the jobs of an earlier process are found.
  std::vector<number_promise> resuming_;
  // Callers that wait for the end; none unless the indexer is being closed.
  std::vector<number_promise> closing_;
  // Jobs that got `ec::closed`.
  uint64_t closed_jobs_ = 0;
};

} // namespace onewriter
