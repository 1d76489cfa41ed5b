#include "actors/database/admission/request_problems.hpp"
#include "actors/database/database_state.hpp"
#include "actors/reader/worker/read_work.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/compat/messaging.hpp"

#include <utility>

namespace onewriter {

caf::result<close_receipt> database_state::start_closing(const close& what) {
  if (phase_ == phase::failed && !supervisor_)
    return reason_;
  if (phase_ == phase::closed)
    return close_receipt_;
  if (auto err = problem_of(what); err != caf::none)
    return err;
  auto promise = self_->make_response_promise<close_receipt>();
  close_replies_.push_back(promise);
  if (closing_ || phase_ == phase::failed)
    return promise;
  auto limit = expiry_of(clock_type::now(), what.limit, what.limit.zero());
  closing_.emplace(closing{what, limit});
  close_receipt_.refused += deferred_.size();
  deferred_.run_all(closed_error());
  if (phase_ != phase::opening)
    close_index_jobs();
  else if (!drains())
    close_without_writer();
  return promise;
}

void database_state::close_index_jobs() {
  closing_->step = closing_step::index_jobs;
  if (!indexer_)
    return close_best_effort();
  auto go_on = [this] {
    if (closing_ && closing_->step == closing_step::index_jobs)
      close_best_effort();
  };
  insist([&] {
    compat::request(self_, indexer_, caf::infinite, close_indexer{drains()})
      .then(
        [=](uint64_t refused) {
          close_receipt_.refused += refused;
          go_on();
        },
        [=](const caf::error&) { go_on(); });
  });
  // The writer still has to refuse the requests that the jobs wait for.
  if (!drains())
    close_best_effort();
}

void database_state::close_best_effort() {
  closing_->step = closing_step::best_effort;
  if (!drains())
    best_effort_->drop_all();
  flush_best_effort();
  // Without draining, the writer refuses requests in flight.
  if (best_effort_->empty() || !drains())
    close_reader_pool();
}

void database_state::close_reader_pool() {
  closing_->step = closing_step::readers;
  if (!readers_)
    return close_file();
  auto go_on = [this] {
    if (closing_ && closing_->step == closing_step::readers)
      close_file();
  };
  insist([&] {
    compat::request(self_, readers_, caf::infinite, close_readers{drains()})
      .then(go_on, [=](const caf::error&) { go_on(); });
  });
}

// A writer that fails during this is restarted first, and asked again.
void database_state::close_file() {
  closing_->step = closing_step::writer;
  if (phase_ != phase::open && !drains())
    return close_without_writer();
  if (phase_ != phase::open)
    return;
  flush_outgoing();
  close_writer what;
  what.drain = drains();
  what.limit = closing_->limit;
  must_send(self_, writer_, what);
}

// Unless it took too long.
void database_state::writer_has_closed(const writer_closed& what) {
  if (closing_ && closing_->step == closing_step::writer)
    close_supervisor(what);
}

// The file is not open, and may stay closed for a long time.
void database_state::close_without_writer() {
  best_effort_->drop_all();
  stash_outgoing();
  writer_closed what;
  what.refused = stash_.refuse(insist(closed_error));
  what.commit = info_.commit;
  close_supervisor(what);
}

void database_state::close_supervisor(const writer_closed& what) {
  closing_->step = closing_step::supervisor;
  close_receipt_.refused += what.refused;
  close_receipt_.log_removed = what.log_removed;
  close_receipt_.commit = what.commit;
  phase_ = phase::closed;
  writer_ = nullptr;
  must_send(supervisor_, stop_children{});
}

// Called when the time is over: remaining steps are cut short.
void database_state::hurry_closing() {
  if (!closing_ || clock_type::now() < closing_->limit)
    return;
  auto has_no_writer = phase_ == phase::opening || phase_ == phase::restarting;
  if (has_no_writer
      && (!children_started_ || closing_->step == closing_step::writer))
    return close_without_writer();
  if (std::exchange(closing_->hurried, true))
    return;
  if (closing_->step == closing_step::index_jobs && indexer_)
    must_send(indexer_, close_indexer{false});
  if (closing_->step == closing_step::index_jobs
      || closing_->step == closing_step::best_effort)
    close_best_effort();
  else if (closing_->step == closing_step::readers && readers_)
    must_send(readers_, close_readers{false});
}

bool database_state::drains() const {
  return closing_->what.drain && clock_type::now() < closing_->limit;
}

void database_state::finish_closing() {
  closing_.reset();
  handover_->lock.reset();
  subscribers_.clear();
  readers_ = nullptr;
  indexer_ = nullptr;
  close_receipt_.drained = close_receipt_.refused == 0;
  close_receipt_.final_statistics = insist([this] { return collect(); });
  log(log_level::info, [this] { return "closed " + opts_->path; });
  answer_all(std::exchange(close_replies_, {}), close_receipt_);
  let_system_end();
}

// CAF's system waits for every actor that is registered as running. This one
// only answers late requests, for as long as there are handles to it; it ends
// together with the actors of the system itself, which are stopped when the
// system does not wait any more.
void database_state::let_system_end() {
  auto part = caf::actor_cast<caf::actor>(self_->home_system().spawn_serv());
  system_part_ = part.address();
  watch(part);
  // From here on the system may be shutting down.
  self_->unregister_from_system();
}

} // namespace onewriter
