#include "actors/index/indexer.hpp"

#include "actors/index/indexer_state.hpp"
#include "actors/index/request_check.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <optional>
#include <utility>

namespace onewriter {

// -- requests -------------------------------------------------------------------

template <class Receipt, class Request>
caf::result<Receipt> indexer_state::add(Request& what) {
  if (auto err = check(what); err != caf::none)
    return err;
  if (is_closing())
    return closed_error();
  if (auto err = admission_.check_room(what, waiting_); err != caf::none)
    return err;
  auto job = admission_.make(std::move(what), waiting_);
  auto replaced = job.has_leftover ? job.document : std::nullopt;
  auto promise = self_->make_response_promise<Receipt>();
  job.reply = promise;
  waiting_.push(std::move(job));
  if (replaced)
    waiting_.drop_leftovers(*replaced);
  start_jobs();
  return promise;
}

caf::result<void> indexer_state::cancel(const cancel_index& what) {
  auto promise = self_->make_response_promise<void>();
  document_name document{what.index, what.key};
  waiting_.cancel(document,
                  make_failure(ec::cancelled, "the index job was cancelled"));
  auto is_running = running_.cancel(document, promise);
  start_jobs();
  if (!is_running)
    compat::acknowledge(promise);
  return promise;
}

// -- the actor --------------------------------------------------------------------

indexer_actor::behavior_type
indexer_state::make_behavior(database_core_actor database, const options& opts,
                             metrics_ptr shared) {
  self_->set_exception_handler(exception_to_error);
  database_ = std::move(database);
  shared_ = std::move(shared);
  log_ = opts.log;
  max_jobs_ = opts.index_jobs;
  chunk_time_ = opts.chunk_time;
  admission_ = job_admission{opts};
  return {
    [this](chunked_index& what) {
      return answered(self_, [&] { return add<index_receipt>(what); });
    },
    [this](chunked_job& what) {
      return answered(self_, [&] { return add<job_receipt>(what); });
    },
    [this](remove_document& what) {
      return answered(self_, [&] { return add<job_receipt>(what); });
    },
    [this](const cancel_index& what) {
      return answered(self_, [&] { return cancel(what); });
    },
    [this](resume_jobs) { return resume(); },
    [this](const close_indexer& what) { return close(what); },
  };
}

namespace {

indexer_actor::behavior_type
indexer(indexer_actor::stateful_pointer<indexer_state> self,
        database_core_actor database, const options& opts, metrics_ptr shared) {
  // Requests may be in the mailbox already: if this failed, CAF would answer
  // them with an error of its own.
  return insist(
    [&] { return compat::state(self).make_behavior(database, opts, shared); });
}

} // namespace

indexer_actor spawn_indexer(caf::actor_system& sys,
                            database_core_actor database, const options& opts,
                            metrics_ptr shared) {
  return sys.spawn(indexer, std::move(database), opts, std::move(shared));
}

} // namespace onewriter
