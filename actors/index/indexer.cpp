#include "actors/index/indexer.hpp"

#include "actors/index/chunk/chunk_runner.hpp"
#include "actors/index/chunk/runner_pool.hpp"
#include "actors/index/job_queue.hpp"
#include "actors/index/jobs/document_job.hpp"
#include "actors/index/jobs/removal_job.hpp"
#include "actors/index/jobs/resume_step.hpp"
#include "actors/index/jobs/task_job.hpp"
#include "actors/index/request_check.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/compat/errors.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace onewriter {

namespace {

caf::error closed() {
  return make_failure(ec::closed, "the database is being closed");
}

class indexer_state {
public:
  explicit indexer_state(indexer_actor::pointer self) : self_{self} {
    // nop
  }

  // CAF 0.17 sends no error for a broken promise. Only a killed indexer still
  // has promises here.
  ~indexer_state() {
    auto reason = closing_.empty() ? stopped_error("the indexer was stopped")
                                   : insist([] { return closed(); });
    refuse_waiting(reason);
    for (auto& [id, job] : running_) {
      job.signals->stopped = true;
      answer_all(std::exchange(job.cancels, {}), reason);
      insist([&] { answer(job, reason); });
    }
    answer_all(closing_, reason);
    answer_all(resuming_, reason);
    runners_.stop();
  }

  indexer_actor::behavior_type make_behavior(database_core_actor database,
                                             const options& opts,
                                             metrics_ptr shared) {
    self_->set_exception_handler(exception_to_error);
    database_ = std::move(database);
    queue_ = opts.queue;
    max_jobs_ = opts.index_jobs;
    log_ = opts.log;
    shared_ = std::move(shared);
    chunk_time_ = opts.chunk_time;
    off_limits_ = files_of_database(opts.path);
    return {
      [this](chunked_index& what) {
        return answered(self_, [&] { return add(std::move(what)); });
      },
      [this](chunked_job& what) {
        return answered(self_, [&] { return add(std::move(what)); });
      },
      [this](remove_document& what) {
        return answered(self_, [&] { return add(std::move(what)); });
      },
      [this](const cancel_index& what) {
        return answered(self_, [&] { return cancel(what); });
      },
      [this](resume_jobs) { return resume(); },
      [this](const close_indexer& what) { return close(what); },
    };
  }

  static inline const char* name = "onewriter.indexer";

private:
  // -- arrival --------------------------------------------------------------------

  caf::result<index_receipt> add(chunked_index what) {
    document_name document{what.index, what.key};
    auto bytes = sizeof(index_job) + what.text.size() + what.key.size()
                 + what.path.size();
    if (auto err = check(document); err != caf::none)
      return err;
    if (auto err = check_room(bytes); err != caf::none)
      return err;
    auto job = make_job(std::move(document), bytes);
    what.path = absolute_path(what.path);
    // It finds the jobs that an earlier process left, and continues them.
    auto is_leftover = [name = *job.document](const index_job& x) {
      return x.document == name && !x.has_requester() && !x.signals->cancelled;
    };
    job.has_leftover = line_.any_of(is_leftover);
    start_document(job, std::move(what));
    return accept<index_receipt>(std::move(job), is_leftover);
  }

  caf::result<job_receipt> add(remove_document what) {
    document_name document{std::move(what.index), std::move(what.key)};
    auto bytes = sizeof(index_job) + document.key.size();
    if (auto err = check(document); err != caf::none)
      return err;
    if (auto err = check_room(bytes); err != caf::none)
      return err;
    auto job = make_job(document, bytes);
    job.source
      = std::make_shared<removal_job>(std::move(document), job.signals);
    return accept<job_receipt>(std::move(job));
  }

  caf::result<job_receipt> add(chunked_job what) {
    if (!what.task)
      return make_failure(ec::invalid_argument, "task: is missing");
    if (auto err = check_room(sizeof(index_job)); err != caf::none)
      return err;
    auto job = make_job(std::nullopt, sizeof(index_job));
    job.source = std::make_shared<task_job>(std::move(what.task), job.signals);
    return accept<job_receipt>(std::move(job));
  }

  caf::error check_room(size_t bytes) const {
    if (!closing_.empty())
      return closed();
    auto is_full = line_.size() >= queue_.max_items
                   || line_.bytes() + bytes > queue_.max_bytes;
    // A single text that is larger than the limit must still be accepted.
    if (!is_full || line_.size() == 0)
      return {};
    return make_failure(ec::overloaded,
                        "too many index jobs are waiting; try again later");
  }

  index_job make_job(std::optional<document_name> document, size_t bytes) {
    index_job result;
    result.id = ++last_id_;
    result.document = std::move(document);
    result.bytes = bytes;
    return result;
  }

  void start_document(index_job& job, chunked_index what) {
    job.listener = what.listener;
    job.source = std::make_shared<document_job>(
      std::move(what), job.has_leftover, off_limits_, job.signals);
  }

  template <class Receipt>
  caf::result<Receipt> accept(index_job job) {
    auto nothing = [](const index_job&) {
      return false;
    };
    return accept<Receipt>(std::move(job), nothing);
  }

  // `job` replaces waiting jobs for which `is_replaced` holds.
  template <class Receipt, class Predicate>
  caf::result<Receipt> accept(index_job job, const Predicate& is_replaced) {
    auto promise = self_->make_response_promise<Receipt>();
    job.reply = promise;
    line_.push(std::move(job));
    line_.drop_if(is_replaced);
    start_jobs();
    return promise;
  }

  // -- running ----------------------------------------------------------------------

  // Until the jobs of an earlier process are found, no job starts that could be
  // mistaken for them.
  void start_jobs() {
    while (resuming_.empty() && running_jobs() < max_jobs_) {
      auto job = insist([this] { return line_.pop(); });
      if (!job)
        break;
      start(std::move(*job));
    }
    shared_->index_jobs.set(line_.size() + running_jobs());
  }

  size_t running_jobs() const {
    return running_.size() - (is_cleaning_ ? 1 : 0);
  }

  void start(index_job job) {
    auto id = job.id;
    job.runner = insist([this] { return take_runner(); });
    auto place = insist([&] { return running_.try_emplace(id).first; });
    place->second = std::move(job);
    insist([&] { run(id, place->second); });
  }

  void run(uint64_t id, const index_job& job) {
    compat::request(self_, job.runner, caf::infinite,
                    run_job{id, job.source, job.listener})
      .then([this, id](job_outcome& x) { end(id, std::move(x)); },
            [this, id](const caf::error& err) {
              // The message about the end of a runner has the reason.
              if (!compat::is_receiver_gone(err))
                end(id, err);
            });
  }

  chunk_runner_actor take_runner() {
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
  void lose_runner(const caf::actor_addr& who, const caf::error& why) {
    runners_.remove(who);
    auto pos = std::find_if(running_.begin(), running_.end(), [&](auto& x) {
      return x.second.runner.address() == who;
    });
    if (pos != running_.end())
      end(pos->first, why);
  }

  // -- the end of a job --------------------------------------------------------------

  void end(uint64_t id, job_outcome outcome) {
    auto pos = running_.find(id);
    if (pos == running_.end())
      return;
    auto job = std::move(pos->second);
    running_.erase(pos);
    insist([&] { line_.release(job); });
    runners_.put_back(job.runner);
    if (job.is_cleanup)
      is_cleaning_ = false;
    else
      is_cleanup_due_ = is_cleanup_due_ || outcome.left_garbage;
    settle(job, std::move(outcome));
    go_on();
  }

  // Ends a job whose runner has terminated.
  void end(uint64_t id, const caf::error& reason) {
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

  void settle(index_job& job, job_outcome outcome) {
    auto& reason = outcome.reason;
    if (reason == ec::closed)
      closed_jobs_ += job.is_cleanup ? 0 : 1;
    else if (reason != caf::none && reason != ec::cancelled
             && !job.has_requester())
      log(log_level::warning, job, reason);
    answer(job, std::move(outcome));
  }

  void go_on() {
    if (is_cleanup_due_ && !is_cleaning_ && closing_.empty())
      start_cleanup();
    start_jobs();
    finish_closing();
  }

  void start_cleanup() {
    auto job = insist([this] {
      auto result = make_job(std::nullopt, 0);
      result.source = std::make_shared<removal_job>(result.signals);
      return result;
    });
    job.is_cleanup = true;
    is_cleaning_ = true;
    is_cleanup_due_ = false;
    start(std::move(job));
  }

  void log(log_level level, const index_job& job, const caf::error& reason) {
    try {
      auto what = job.document ? "index job of \"" + job.document->key
                                   + "\" in \"" + job.document->index + "\""
                               : std::string{"removal of old passages"};
      if (log_)
        log_(level, what + " failed: " + describe(reason));
    } catch (const std::bad_alloc&) {
      // Informational: no code depends on it.
    }
  }

  // -- cancelling ---------------------------------------------------------------------

  caf::result<void> cancel(const cancel_index& what) {
    auto promise = self_->make_response_promise<void>();
    document_name document{what.index, what.key};
    auto reason = make_failure(ec::cancelled, "the index job was cancelled");
    line_.drop_if([&](index_job& job) {
      return job.document == document && cancel_waiting(job, reason);
    });
    auto pos = std::find_if(running_.begin(), running_.end(), [&](auto& x) {
      return x.second.document == document && is_index_job(x.second);
    });
    if (pos != running_.end()) {
      pos->second.signals->cancelled = true;
      pos->second.cancels.push_back(promise);
    }
    start_jobs();
    if (pos == running_.end())
      compat::acknowledge(promise);
    return promise;
  }

  // Returns whether the job need not run any more. A job that an earlier
  // process began must run, because there is something to undo. The removal of
  // a document cannot be cancelled.
  static bool cancel_waiting(index_job& job, const caf::error& reason) {
    if (!is_index_job(job))
      return false;
    answer(job, reason);
    job.signals->cancelled = true;
    return !job.has_leftover;
  }

  void refuse_waiting(const caf::error& reason) {
    closed_jobs_ += line_.drop_if([&](index_job& job) {
      answer(job, reason);
      return true;
    });
  }

  static bool is_index_job(const index_job& job) {
    return job.source->kind() == chunk_kind::passages;
  }

  // -- what an earlier process left -----------------------------------------------------

  caf::result<uint64_t> resume() {
    if (!closing_.empty())
      return closed();
    auto promise = self_->make_response_promise<uint64_t>();
    resuming_.push_back(promise);
    insist([this] { find_jobs(); });
    return promise;
  }

  void find_jobs() {
    auto step = std::make_shared<resume_step>(line_.documents());
    auto what = make_index_chunk("find index jobs", step, chunk_time_);
    compat::request(self_, database_, caf::infinite,
                    to_pending_write(what, ++last_id_))
      .then([this, step](write_receipt&) { resume(std::move(step->found)); },
            [this](const caf::error& err) { resume_failed(err); });
  }

  void resume(std::vector<chunked_index> found) {
    if (!closing_.empty())
      found.clear();
    for (auto& what : found)
      insist([&] { line_.push(resumed_job(what)); });
    is_cleanup_due_ = true;
    answer_all(std::exchange(resuming_, {}), uint64_t{found.size()});
    go_on();
  }

  index_job resumed_job(const chunked_index& what) {
    auto result = make_job(document_name{what.index, what.key}, 0);
    result.has_leftover = true;
    start_document(result, what);
    return result;
  }

  void resume_failed(const caf::error& reason) {
    answer_all(std::exchange(resuming_, {}), reason);
    go_on();
  }

  // -- closing --------------------------------------------------------------------------

  caf::result<uint64_t> close(const close_indexer& what) {
    auto promise = self_->make_response_promise<uint64_t>();
    insist([&] { closing_.push_back(promise); });
    if (!what.drain)
      refuse_waiting(insist(closed));
    for (auto& [id, job] : running_)
      if (!what.drain || job.is_cleanup)
        job.signals->stopped = true;
    go_on();
    return promise;
  }

  void finish_closing() {
    auto is_busy = !running_.empty() || line_.size() > 0 || !resuming_.empty();
    if (closing_.empty() || is_busy)
      return;
    answer_all(std::exchange(closing_, {}), closed_jobs_);
    self_->quit();
  }

  indexer_actor::pointer self_;
  database_core_actor database_;
  queue_options queue_;
  size_t max_jobs_ = 1;
  log_sink log_;
  metrics_ptr shared_;
  std::chrono::nanoseconds chunk_time_{0};
  std::vector<std::string> off_limits_;

  job_queue line_;
  std::map<uint64_t, index_job> running_;
  uint64_t last_id_ = 0;
  runner_pool runners_;
  bool is_cleanup_due_ = false;
  bool is_cleaning_ = false;
  // Callers that wait until the jobs of an earlier process are found.
  std::vector<caf::typed_response_promise<uint64_t>> resuming_;
  // Callers that wait for the end; none unless the indexer is being closed.
  std::vector<caf::typed_response_promise<uint64_t>> closing_;
  uint64_t closed_jobs_ = 0;
};

indexer_actor::behavior_type
indexer(indexer_actor::stateful_pointer<indexer_state> self,
        database_core_actor database, const options& opts, metrics_ptr shared) {
  return compat::state(self).make_behavior(std::move(database), opts,
                                           std::move(shared));
}

} // namespace

indexer_actor spawn_indexer(caf::actor_system& sys,
                            database_core_actor database, const options& opts,
                            metrics_ptr shared) {
  return sys.spawn(indexer, std::move(database), opts, std::move(shared));
}

} // namespace onewriter
