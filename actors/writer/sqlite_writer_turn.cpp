#include "actors/writer/sqlite_writer_state.hpp"

#include "actors/store/dead_letter_store.hpp"
#include "actors/store/idempotency_store.hpp"
#include "actors/store/session_store.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace onewriter {

namespace {

/// How often old receipts are removed.
constexpr auto forget_interval = std::chrono::minutes{1};

// The log keeps pages without room in the file, and readers find them there:
// the next checkpoint may succeed.
bool is_postponed(const caf::error& reason) {
  return reason == ec::disk_full;
}

} // namespace

// -- turns ------------------------------------------------------------------------

void sqlite_writer_state::take_turn() {
  armed_ = false;
  if (!db_)
    return;
  if (yields_->on_demand
      && gathering_.waits(queue_->size(), clock_type::now())) {
    yields_->now = true;
    return arm();
  }
  // Earlier outcomes are completed in any case.
  end_turn(caught("a turn", [this] { return run_turn(); }));
}

caf::error sqlite_writer_state::run_turn() {
  if (closing_ && clock_type::now() > closing_->limit)
    refuse_everything();
  publish();
  queue_->begin_turn();
  auto start = clock_type::now();
  auto now = start;
  while (auto item = queue_->next(now - start)) {
    in_hand_ = std::move(*item);
    if (auto err = run_next(std::move(in_hand_), now); err != caf::none)
      return err;
    if (injection_)
      break;
    now = std::max(now, batch_->running_since());
  }
  return injection_ ? inject() : batch_->commit();
}

// If it throws, either `item` still has the request or the batch does.
caf::error sqlite_writer_state::run_next(pending_write_ptr&& item,
                                         clock_type::time_point now) {
  auto& what = *item;
  codel_->observe(now, now - what.arrived);
  if (now > what.expires) {
    completion_->refuse(
      std::move(item),
      make_failure(ec::deadline_exceeded,
                   "the deadline passed in the writer's queue"));
    return {};
  }
  // Its commit has been uncertain until now.
  if (last_reason_ != caf::none
      && what.attempts >= most_attempts(last_reason_)) {
    completion_->refuse(std::move(item), last_reason_);
    return {};
  }
  if (what.run_limit > what.run_limit.zero() || what.attempts > 0)
    return run_alone(std::move(item));
  if (auto err = ensure_transaction(item); err != caf::none)
    return err;
  return batch_->add(std::move(item));
}

// An interrupt undoes the whole transaction, and a request of a failed batch
// may be the cause.
caf::error sqlite_writer_state::run_alone(pending_write_ptr&& item) {
  if (auto err = batch_->commit(); err != caf::none) {
    put_back(std::move(item));
    return err;
  }
  if (auto err = ensure_transaction(item); err != caf::none)
    return err;
  if (auto err = batch_->add(std::move(item)); err != caf::none)
    return err;
  return batch_->commit();
}

caf::error sqlite_writer_state::ensure_transaction(pending_write_ptr& item) {
  if (batch_->in_transaction())
    return {};
  auto err = batch_->begin();
  if (err != caf::none)
    put_back(std::move(item));
  return err;
}

caf::error sqlite_writer_state::inject() {
  auto kind = *injection_;
  injection_.reset();
  if (kind == failure_kind::exception)
    throw std::runtime_error{"injected"};
  return make_failure(ec::io_error, "injected failure of the connection");
}

void sqlite_writer_state::end_turn(caf::error result) {
  settle_batch();
  if (result == ec::busy) {
    auto unfinished = insist([this] { return batch_->take_unfinished(); });
    for (auto item = unfinished.rbegin(); item != unfinished.rend(); ++item)
      put_back(std::move(*item));
    return wait_for_lock();
  }
  if (result != caf::none)
    return fail(std::move(result));
  locked_since_ = clock_type::time_point::max();
  lock_backoff_.reset();
  if (auto err = caught("housekeeping", [this] { return keep_house(); });
      err != caf::none)
    return fail(std::move(err));
  if (!queue_->empty())
    arm();
  else if (closing_)
    try_to_close();
}

void sqlite_writer_state::turn_was(size_t requests) {
  gathering_.ended(requests, queue_->size());
  yields_->on_demand = opts_->thread == writer_thread::scheduled;
  yields_->when_woken = yields_->on_demand && gathering_.is_small();
  yields_->now = yields_->when_woken;
}

void sqlite_writer_state::wait_for_lock() {
  if (locked_since_ == clock_type::time_point::max())
    locked_since_ = clock_type::now();
  shared_->writer.lock_waits.add(1);
  expire_waiting();
  publish();
  auto pause = lock_backoff_.next();
  must_send_later(self_, sqlite_writer_actor{self_}, pause, end_of_turn{});
  armed_ = true;
}

void sqlite_writer_state::expire_waiting() {
  auto expired = insist([] {
    return make_failure(ec::deadline_exceeded,
                        "the deadline passed while another program held the "
                        "file's lock");
  });
  auto locked = insist([] {
    return make_failure(ec::busy, "another program has held the file's lock "
                                  "for too long");
  });
  auto now = clock_type::now();
  auto locked_for = [&](const pending_write& what) {
    return now - std::max(what.arrived, locked_since_);
  };
  queue_->remove_if(
    [&](const pending_write_ptr& item) {
      auto& what = *item;
      return now > what.expires
             || (what.counted && locked_for(what) > opts_->lock_patience);
    },
    [&](pending_write_ptr&& item) {
      auto& reason = now > item->expires ? expired : locked;
      completion_->refuse(std::move(item), reason);
    });
  push_follow_ups();
}

// -- outcomes ---------------------------------------------------------------------

// A commit is counted before its receipts are sent.
void sqlite_writer_state::settle_batch() {
  auto& to = shared_->writer;
  to.commits.set(commits_before_ + batch_->commits());
  to.batches_repeated.set(repeated_before_ + batch_->repeated());
  batch_->take_outcomes(outcomes_);
  turn_was(outcomes_.size());
  if (shared_->refuses_rest)
    count_stopped();
  completion_->settle(outcomes_);
  outcomes_.clear();
  handover_->pool().put(completion_->recyclable());
  push_follow_ups();
  completion_->best_effort_messages().send();
}

void sqlite_writer_state::count_stopped() {
  for (auto& x : outcomes_)
    if (x.what->counted && code_of(x.error) == ec::closed)
      ++stopped_;
}

void sqlite_writer_state::push_follow_ups() {
  for (auto& item : completion_->letters().take_follow_ups())
    push(std::move(item));
}

// -- between turns ----------------------------------------------------------------

caf::error sqlite_writer_state::keep_house() {
  if (completion_->take_letters_changed())
    count_letters();
  if (auto err = keep_log_short(); err != caf::none)
    return err;
  forget_old_receipts();
  if (queue_->empty())
    codel_->idle(clock_type::now());
  publish();
  return {};
}

void sqlite_writer_state::forget_old_receipts() {
  auto now = clock_type::now();
  if (now - last_forget_ < forget_interval)
    return;
  last_forget_ = now;
  completion_->letters().add_follow_up(
    "(removal of old receipts)",
    [age = opts_->idempotency_retention](
      sqlite::connection& db) -> caf::expected<result_set> {
      auto err = forget_receipts(db, age);
      if (err == caf::none)
        err = forget_sessions(db, age);
      if (err != caf::none)
        return err;
      return result_set{};
    });
  push_follow_ups();
}

void sqlite_writer_state::count_letters() {
  if (auto count = onewriter::count_letters(*db_))
    shared_->writer.dead_letters.set(*count);
}

void sqlite_writer_state::publish() {
  auto& to = shared_->writer;
  auto oldest = completion_->oldest();
  oldest ? to.oldest_pending.set(*oldest) : to.oldest_pending.clear();
  for (auto which : lanes)
    to.depth[lane_index(which)].set(queue_->depth(which));
  to.overloaded.set(codel_->overloaded() ? 1 : 0);
}

caf::error sqlite_writer_state::keep_log_short() {
  auto err = checkpointer_->keep_up();
  return is_postponed(err) ? caf::error{} : err;
}

// While there are turns, they look for it.
void sqlite_writer_state::log_was_copied() {
  if (!db_)
    return;
  if (auto err = caught("a checkpoint", [this] { return keep_log_short(); });
      err != caf::none)
    fail(std::move(err));
}

// The thread must not keep the writer alive, which keeps the thread.
std::function<void()> sqlite_writer_state::copy_signal() {
  return [address = self_->address()] {
    if (auto writer = caf::actor_cast<caf::strong_actor_ptr>(address))
      must_send(caf::actor_cast<sqlite_writer_actor>(writer), log_copied{});
  };
}

caf::result<checkpoint_receipt>
sqlite_writer_state::run_checkpoint(const checkpoint& what) {
  if (!db_)
    return make_failure(ec::unavailable, "the writer is being restarted");
  auto receipt = checkpointer_->run(what.truncate);
  if (receipt)
    return *receipt;
  if (!is_postponed(receipt.error()))
    fail(receipt.error());
  return receipt.error();
}

} // namespace onewriter
