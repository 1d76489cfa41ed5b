#include "actors/writer/sqlite_writer.hpp"

#include "actors/support/caller_run_actor.hpp"
#include "actors/support/thrown.hpp"
#include "actors/writer/sqlite_writer_state.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <random>
#include <utility>

namespace onewriter {

namespace {

write_queue_options queue_options_of(const options& opts) {
  write_queue_options result;
  result.turn_items = opts.queue.turn_items;
  result.turn_bytes = opts.queue.turn_bytes;
  result.turn_time = opts.queue.turn_time;
  // Without a sync the writer is as fast as its senders: requests left by a
  // short turn do not wait here, where senders are distinguished, but in
  // mailboxes.
  if (opts.synchronous == synchronous::normal)
    result.contended_items = result.turn_items;
  return result;
}

codel_options codel_options_of(const options& opts) {
  return {opts.queue.overload_target, opts.queue.overload_interval};
}

// Another program's transaction usually takes a few milliseconds; after the
// first attempts longer pauses are fine.
backoff_options lock_backoff() {
  backoff_options result;
  result.initial = std::chrono::milliseconds{1};
  result.maximum = std::chrono::milliseconds{100};
  return result;
}

} // namespace

sqlite_writer_state::sqlite_writer_state(sqlite_writer_actor::pointer self)
  : self_{self},
    lock_backoff_{lock_backoff(), std::random_device{}()} {
  // nop
}

// Only a killed writer still has requests here.
sqlite_writer_state::~sqlite_writer_state() {
  try {
    auto reason = make_failure(ec::unavailable, "the writer was stopped");
    auto refuse_item = [&](pending_write_ptr item) {
      completion_->refuse(std::move(item), reason);
    };
    if (batch_)
      for (auto& item : batch_->take_unfinished())
        refuse_item(std::move(item));
    if (queue_)
      queue_->drain(refuse_item);
  } catch (const std::bad_alloc&) {
    // Remaining requests answer in their destructors.
  }
}

sqlite_writer_actor::behavior_type
sqlite_writer_state::make_behavior(database_core_actor database,
                                   std::shared_ptr<const options> opts,
                                   metrics_ptr shared,
                                   std::shared_ptr<writer_handover> estate,
                                   caf::error last_reason) {
  self_->set_exception_handler(exception_to_error);
  database_ = std::move(database);
  opts_ = std::move(opts);
  shared_ = std::move(shared);
  handover_ = std::move(estate);
  last_reason_ = std::move(last_reason);
  yields_ = &compat::yields_of(self_);
  commits_before_ = shared_->writer.commits.get();
  repeated_before_ = shared_->writer.batches_repeated.get();
  completion_.emplace(self_, database_, opts_, shared_);
  queue_.emplace(queue_options_of(*opts_));
  codel_.emplace(codel_options_of(*opts_));
  compat::on_exit_message(self_, [this](caf::exit_msg& msg) {
    if (msg.reason != caf::none)
      stop(std::move(msg.reason));
  });
  compat::send(self_, sqlite_writer_actor{self_}, open_file{});
  return {
    [this](write_requests& what) { accept(what); },
    [this](best_effort_batch& what) { accept(what); },
    [this](const checkpoint& what) {
      return answered([&] { return run_checkpoint(what); });
    },
    [this](const inject_failure& what) { injection_ = what.kind, arm(); },
    [this](handover_done) {
      rescue_log();
      quit(failed_ ? *failed_ : caf::error{});
    },
    [this](const close_writer& what) { start_closing(what); },
    [this](open_file) { open(); },
    [this](end_of_turn) { take_turn(); },
    [this](log_copied) { log_was_copied(); },
  };
}

// -- opening ----------------------------------------------------------------------

void sqlite_writer_state::open() {
  if (failed_)
    return;
  if (auto err = caught("opening the file", [this] { return try_to_open(); });
      err != caf::none)
    fail(std::move(err));
}

caf::error sqlite_writer_state::try_to_open() {
  if (locked_since_ == clock_type::time_point::max())
    locked_since_ = clock_type::now();
  auto db = open_owned_file(*opts_, *handover_, !shared_->gate.is_empty(),
                            last_reason_, &shared_->refuses_rest);
  if (db) {
    opened(std::move(*db));
    return {};
  }
  auto patient = clock_type::now() - locked_since_ < opts_->lock_patience;
  if (db.error() != ec::busy || !patient) {
    handover_->note_failed_opening(db.error());
    return std::move(db.error());
  }
  shared_->writer.lock_waits.add(1);
  compat::delayed_send(self_, sqlite_writer_actor{self_}, lock_backoff_.next(),
                       open_file{});
  return {};
}

void sqlite_writer_state::opened(owned_file db) {
  db_ = std::move(db.connection);
  handover_->mark_opened();
  runner_.emplace(*db_, *opts_);
  batch_.emplace(*db_, *runner_, opts_->write_run_limit, db.stored);
  checkpointer_.emplace(*db_, *opts_, shared_->writer.checkpoints,
                        copy_signal());
  locked_since_ = clock_type::time_point::max();
  lock_backoff_.reset();
  last_forget_ = clock_type::now();
  count_letters();
  compat::send(self_, database_, writer_ready{db.info, db.stored, db.synced});
  arm();
}

// -- collecting -------------------------------------------------------------------

void sqlite_writer_state::accept(write_requests& what) {
  if (failed_)
    return hand_back(std::move(what.items));
  for (auto& item : what.items)
    push(std::move(item));
}

void sqlite_writer_state::accept(best_effort_batch& what) {
  if (failed_)
    return completion_->best_effort_messages().give_back(std::move(what));
  for (size_t i = 0; i < what.messages.size(); ++i) {
    auto item = insist([] { return std::make_shared<pending_write>(); });
    item->bytes = what.messages[i].bytes();
    item->request = std::move(what.messages[i]);
    item->in = lane::best_effort;
    item->arrived = what.arrived[i];
    push(std::move(item));
  }
}

void sqlite_writer_state::push(pending_write_ptr item) {
  auto& what = *item;
  insist([&] { completion_->expect(what); });
  insist([&] { queue_->push(what.in, what.sender, what.bytes, item); });
  arm();
}

void sqlite_writer_state::put_back(pending_write_ptr item) {
  auto& what = *item;
  insist([&] { queue_->push_front(what.in, what.sender, what.bytes, item); });
}

void sqlite_writer_state::arm() {
  if (armed_ || !db_)
    return;
  must_send(self_, sqlite_writer_actor{self_}, end_of_turn{});
  armed_ = true;
}

// -- spawning ---------------------------------------------------------------------

namespace {

using sqlite_writer
  = caller_run_actor<sqlite_writer_actor, sqlite_writer_state, true>;

} // namespace

sqlite_writer_actor
spawn_sqlite_writer(caf::actor_system& sys, database_core_actor database,
                    std::shared_ptr<const options> opts, metrics_ptr shared,
                    std::shared_ptr<writer_handover> estate,
                    caf::error last_reason) {
  if (opts->thread == writer_thread::scheduled)
    return sys.spawn<sqlite_writer>(std::move(database), std::move(opts),
                                    std::move(shared), std::move(estate),
                                    std::move(last_reason));
  require_thread();
  return sys.spawn<sqlite_writer, caf::detached>(
    std::move(database), std::move(opts), std::move(shared), std::move(estate),
    std::move(last_reason));
}

} // namespace onewriter
