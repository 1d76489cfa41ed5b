#include "actors/index/chunk/chunk_runner.hpp"
#include "actors/index/indexer_state.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/compat/errors.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <new>
#include <string>
#include <utility>

namespace onewriter {

// -- the start of a job -----------------------------------------------------------

// Until the jobs of an earlier process are found, no job starts that could be
// mistaken for them.
void indexer_state::start_jobs() {
  while (resuming_.empty() && running_.size_without_cleanup() < max_jobs_) {
    auto job = insist([this] { return waiting_.pop(); });
    if (!job)
      break;
    start(std::move(*job));
  }
  shared_->index_jobs.set(waiting_.size() + running_.size_without_cleanup());
}

void indexer_state::start(index_job job) {
  job.runner = insist([this] { return take_runner(); });
  auto& running = running_.add(std::move(job));
  insist([&] { run(running); });
}

void indexer_state::run(const index_job& job) {
  auto id = job.id;
  compat::request(self_, job.runner, caf::infinite,
                  run_job{id, job.source, job.listener})
    .then([this, id](job_outcome& x) { end(id, std::move(x)); },
          [this, id](const caf::error& err) {
            // The message about the end of a runner has the reason.
            if (!compat::is_receiver_gone(err))
              end(id, err);
          });
}

chunk_runner_actor indexer_state::take_runner() {
  if (auto idle = runners_.take())
    return idle;
  auto result
    = spawn_chunk_runner(self_->system(), database_, chunk_time_, shared_);
  try {
    compat::watch(self_, result,
                  [this](const caf::actor_addr& who, const caf::error& why) {
                    lose_runner(who, why);
                  });
    runners_.add(result);
  } catch (const std::bad_alloc&) {
    // A runner that is not in the list would never end.
    must_stop(result);
    throw;
  }
  return result;
}

// A runner terminates by itself only after a serious error.
void indexer_state::lose_runner(const caf::actor_addr& who,
                                const caf::error& why) {
  runners_.remove(who);
  if (auto id = running_.job_of(who))
    end(*id, why);
}

// -- the end of a job -------------------------------------------------------------

void indexer_state::end(uint64_t id, job_outcome outcome) {
  auto job = running_.take(id);
  if (!job)
    return;
  insist([&] { waiting_.release(*job); });
  runners_.put_back(job->runner);
  if (!job->is_cleanup)
    is_cleanup_due_ = is_cleanup_due_ || outcome.left_garbage;
  settle(*job, std::move(outcome));
  go_on();
}

// Ends a job whose runner has terminated.
void indexer_state::end(uint64_t id, const caf::error& reason) {
  job_outcome outcome;
  outcome.reason = insist([&] {
    return compat::code_of<ec>(reason)
             ? reason
             : make_failure(ec::internal,
                            "the runner of a job terminated: "
                              + compat::render(self_->system(), reason));
  });
  // The outcome is unknown.
  outcome.left_garbage = true;
  end(id, std::move(outcome));
}

void indexer_state::settle(index_job& job, job_outcome outcome) {
  auto& reason = outcome.reason;
  if (reason == ec::closed)
    closed_jobs_ += job.is_cleanup ? 0 : 1;
  else if (reason != caf::none && reason != ec::cancelled
           && !job.has_requester())
    log_failure(job, reason);
  answer(job, std::move(outcome));
}

void indexer_state::go_on() {
  if (is_cleanup_due_ && !running_.has_cleanup() && !is_closing())
    start_cleanup();
  start_jobs();
  finish_closing();
}

void indexer_state::start_cleanup() {
  is_cleanup_due_ = false;
  start(insist([this] { return admission_.make_cleanup(); }));
}

void indexer_state::log_failure(const index_job& job,
                                const caf::error& reason) const {
  try {
    auto what = job.document ? "index job of \"" + job.document->key
                                 + "\" in \"" + job.document->index + "\""
                             : std::string{"removal of old passages"};
    if (log_)
      log_(log_level::warning, what + " failed: " + describe(reason));
  } catch (const std::bad_alloc&) {
    // Informational: no code depends on it.
  }
}

} // namespace onewriter
