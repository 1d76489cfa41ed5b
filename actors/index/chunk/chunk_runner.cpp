#include "actors/index/chunk/chunk_runner.hpp"

#include "actors/index/chunk/chunk_budget.hpp"
#include "actors/index/chunk/chunk_limit.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/compat/errors.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <new>
#include <optional>
#include <utility>

namespace onewriter {

namespace {

using clock_type = pending_write::clock;

constexpr auto progress_interval = std::chrono::milliseconds{100};

// How often a chunk with an unknown outcome is sent again.
constexpr int max_repetitions = 3;

// Must be called in a catch block.
caf::error current_error() {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return make_failure(ec::out_of_memory, "not enough memory for a job");
  } catch (const std::exception& ex) {
    return make_failure(ec::internal, std::string{"a job threw: "} + ex.what());
  } catch (...) {
    return make_failure(ec::internal,
                        "a job threw something that is not a std::exception");
  }
}

class chunk_runner_state {
public:
  explicit chunk_runner_state(chunk_runner_actor::pointer self) : self_{self} {
    // nop
  }

  // CAF 0.17 sends no error for a broken promise.
  ~chunk_runner_state() {
    if (job_.source)
      insist([reason = stopped_error("the job was killed"), this] {
        reply_.deliver(reason);
      });
  }

  chunk_runner_actor::behavior_type
  make_behavior(database_core_actor database,
                std::chrono::nanoseconds chunk_time, metrics_ptr shared) {
    self_->set_exception_handler(exception_to_error);
    database_ = std::move(database);
    chunk_time_ = chunk_time;
    shared_ = std::move(shared);
    limit_ = chunk_limit{chunk_time};
    budgets_.fill(chunk_budget{chunk_time});
    return {
      [this](run_job& what) { return start(std::move(what)); },
    };
  }

  static inline const char* name = "onewriter.chunk_runner";

private:
  // A job that is requested once more, because there was no memory to wait for
  // the reply, continues.
  caf::result<job_outcome> start(run_job what) {
    auto is_repeated = job_.source && job_.id == what.id;
    reply_ = self_->make_response_promise<job_outcome>();
    if (is_repeated)
      return reply_;
    job_ = std::move(what);
    outcome_ = {};
    failure_ = {};
    last_progress_ = {};
    // Each task of the embedding program has its own units.
    if (job_.source->kind() == chunk_kind::foreign)
      budget() = chunk_budget{chunk_time_};
    auto reply = reply_;
    advance();
    return reply;
  }

  // -- chunks -------------------------------------------------------------------

  // Runs a function of the job; an exception ends the job.
  template <class F>
  void guarded(F f) {
    try {
      f();
    } catch (...) {
      auto reason = current_error();
      finish(failure_ != caf::none ? failure_ : reason);
    }
  }

  void advance() {
    guarded([this] {
      limit_.begin_chunk(shared_->writer.finished.get());
      budget().set_limit(limit_.get());
      auto next = job_.source->next({budget().units(), limit_.get()});
      if (!next)
        return fail(std::move(next.error()));
      if (!*next)
        return finish(failure_);
      chunk_ = std::move(**next);
      repetitions_ = 0;
      send();
    });
  }

  void send() {
    compat::request(self_, database_, caf::infinite,
                    to_pending_write(chunk_, job_.id))
      .then([this](write_receipt& receipt) { committed(receipt); },
            [this](caf::error& err) { refused(std::move(err)); });
  }

  void committed(const write_receipt& receipt) {
    auto& measures = *chunk_.measures;
    budget().measured(measures.units, measures.sized);
    auto& totals = outcome_.totals;
    totals.commit = receipt.commit;
    ++totals.chunks;
    totals.units += measures.units;
    totals.longest_chunk = std::max(totals.longest_chunk, measures.all);
    guarded([&] {
      job_.source->committed(chunk_, receipt);
      tell_progress();
      advance();
    });
  }

  void refused(caf::error err) {
    if (err == ec::outcome_unknown && chunk_.repeatable
        && ++repetitions_ <= max_repetitions)
      return send();
    if (!compat::code_of<ec>(err))
      err = make_failure(code_of(err), "the database did not answer: "
                                         + to_string(code_of(err)));
    // An exception of the embedding program's function is not an internal
    // error.
    else if (err == ec::function_failed && chunk_.repeatable)
      err = make_failure(ec::internal, failure_of(err));
    guarded([&] { fail(std::move(err)); });
  }

  chunk_budget& budget() {
    return budgets_[static_cast<size_t>(job_.source->kind())];
  }

  // -- the end ------------------------------------------------------------------

  void fail(caf::error reason) {
    // Only the first failure is reported, not that of undoing.
    if (failure_ != caf::none)
      return finish(failure_);
    failure_ = std::move(reason);
    if (job_.source->abandon(failure_))
      advance();
    else
      finish(failure_);
  }

  void finish(caf::error reason) {
    chunk_ = {};
    insist([&] { sum_up(reason == caf::none); });
    job_ = {};
    outcome_.reason = std::move(reason);
    insist([this] { reply_.deliver(outcome_); });
  }

  void sum_up(bool is_done) {
    outcome_.left_garbage = job_.source->left_garbage();
    job_.source->complete(outcome_.document);
    outcome_.document.chunks = outcome_.totals.chunks;
    outcome_.document.longest_chunk = outcome_.totals.longest_chunk;
    if (auto last = job_.source->progress(); last && is_done)
      tell(job_.listener, *last);
  }

  // -- progress -----------------------------------------------------------------

  void tell_progress() {
    auto now = clock_type::now();
    if (!job_.listener || now - last_progress_ < progress_interval)
      return;
    auto progress = job_.source->progress();
    // The last one comes at the end.
    if (!progress || progress->done_bytes == progress->total_bytes)
      return;
    last_progress_ = now;
    tell(job_.listener, *progress);
  }

  static void tell(const caf::actor& listener, index_progress what) {
    if (listener)
      compat::anon_send(listener, std::move(what));
  }

  chunk_runner_actor::pointer self_;
  database_core_actor database_;
  std::chrono::nanoseconds chunk_time_{0};
  metrics_ptr shared_;
  chunk_limit limit_{chunk_time_};
  std::array<chunk_budget, chunk_kind_count> budgets_{
    chunk_budget{chunk_time_}, chunk_budget{chunk_time_},
    chunk_budget{chunk_time_}};
  // The job that runs; without a source there is none.
  run_job job_;
  caf::typed_response_promise<job_outcome> reply_;
  chunk chunk_;
  int repetitions_ = 0;
  // Why the job is being undone.
  caf::error failure_;
  job_outcome outcome_;
  clock_type::time_point last_progress_;
};

chunk_runner_actor::behavior_type
chunk_runner(chunk_runner_actor::stateful_pointer<chunk_runner_state> self,
             database_core_actor database, std::chrono::nanoseconds chunk_time,
             metrics_ptr shared) {
  return compat::state(self).make_behavior(std::move(database), chunk_time,
                                           std::move(shared));
}

} // namespace

chunk_runner_actor
spawn_chunk_runner(caf::actor_system& sys, database_core_actor database,
                   std::chrono::nanoseconds chunk_time, metrics_ptr shared) {
  return sys.spawn<caf::detached>(chunk_runner, std::move(database), chunk_time,
                                  std::move(shared));
}

} // namespace onewriter
