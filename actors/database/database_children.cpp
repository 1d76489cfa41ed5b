#include "actors/database/database_state.hpp"
#include "onewriter/compat/errors.hpp"
#include "onewriter/compat/messaging.hpp"

#include "actors/reader/worker/reader_pool_core.hpp"
#include "actors/sqlite/base/errors.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/failure.hpp"

#include <utility>

namespace onewriter {

namespace {

// The permissions of a file that was open, or of its folder, have changed: they
// may be restored.
bool is_denial(ec code) {
  return code == ec::cannot_open || code == ec::read_only;
}

} // namespace

// -- children ---------------------------------------------------------------------

void database_state::start_children() {
  supervisor_options supervision;
  supervision.restarts = opts_->restarts;
  supervision.observer = caf::actor_cast<caf::actor>(self_->ctrl());
  supervision.observer_stops_children = true;
  supervision.children.push_back(writer_spec());
  supervisor_ = spawn_supervisor(self_->system(), std::move(supervision));
  watch(supervisor_);
}

child_spec database_state::writer_spec() {
  child_spec result;
  result.id = "writer";
  result.start = [core = core_handle(), opts = opts_, shared = shared_,
                  estate = handover_](caf::actor_system& sys,
                                      const caf::error& last_reason) {
    auto writer
      = spawn_sqlite_writer(sys, core, opts, shared, estate, last_reason);
    return caf::actor_cast<caf::actor>(writer);
  };
  result.restart = restart_type::transient;
  result.judge = [estate = handover_](const caf::error& reason) {
    if (estate->permanent_failure)
      return verdict::give_up;
    auto code = code_of(reason);
    auto passes = sqlite::is_transient(code) || sqlite::is_lasting(code)
                  || (estate->was_open && is_denial(code));
    auto is_excused = estate->came_of_request.exchange(false) || passes;
    return is_excused ? verdict::excuse : verdict::count;
  };
  result.shutdown_limit = std::chrono::seconds{30};
  return result;
}

// Readers need a file that has a write-ahead log, so the writer comes first.
void database_state::start_readers_and_indexer() {
  children_started_ = true;
  child_spec readers;
  readers.id = "readers";
  readers.restart = restart_type::transient;
  // It is above a supervisor.
  readers.shutdown_limit = std::chrono::nanoseconds::max();
  readers.start = [core = core_handle(), opts = opts_, shared = shared_](
                    caf::actor_system& sys, const caf::error&) {
    return caf::actor_cast<caf::actor>(
      spawn_reader_pool(sys, core, opts, shared));
  };
  start(readers);
  child_spec indexer;
  indexer.id = "indexer";
  indexer.restart = restart_type::transient;
  indexer.start = [core = core_handle(), opts = opts_, shared = shared_](
                    caf::actor_system& sys, const caf::error&) {
    return caf::actor_cast<caf::actor>(spawn_indexer(sys, core, *opts, shared));
  };
  start(indexer);
}

// The handle comes with the event that the child was started; the end of the
// supervisor is a separate message.
void database_state::start(const child_spec& spec) {
  insist([&] { ask_for(spec); });
}

void database_state::ask_for(const child_spec& spec) {
  compat::request(self_, supervisor_, caf::infinite, start_child{spec})
    .then([](const caf::actor&) {},
          [this](caf::error& err) {
            // One that was requested again exists already.
            if (!compat::is_receiver_gone(err) && err != ec::invalid_argument)
              fail(std::move(err));
          });
}

database_core_actor database_state::core_handle() const {
  return full_database_actor{self_};
}

void database_state::child_changed(const child_event& event) {
  auto up = event.kind == child_event_kind::started;
  if (event.kind == child_event_kind::restarting)
    log(log_level::warning,
        [&] { return event.id + " restarts: " + describe(event.reason); });
  if (event.id != "writer" && event.id != "readers" && event.id != "indexer") {
    reader_restarts_ += event.kind == child_event_kind::restarting ? 1 : 0;
    return;
  }
  if (event.id == "writer")
    return writer_changed(event);
  if (event.kind == child_event_kind::gave_up)
    return fail(insist([&] { return event.reason; }));
  if (event.id == "readers")
    readers_ = up ? caf::actor_cast<reader_pool_actor>(event.child)
                  : reader_pool_actor{};
  else
    indexer_
      = up ? caf::actor_cast<indexer_actor>(event.child) : indexer_actor{};
  if (up && event.id == "indexer")
    must_send(indexer_, resume_jobs{});
  if (up)
    run_deferred({});
}

void database_state::writer_changed(const child_event& event) {
  if (event.kind == child_event_kind::gave_up) {
    // As soon as callers know, other processes may own the file.
    handover_->lock.reset();
    return fail(insist([&] { return event.reason; }));
  }
  if (event.kind != child_event_kind::restarting)
    return;
  ++writer_restarts_;
  // Killed without a report: its requests are answered or lost.
  if (phase_ == phase::open) {
    phase_ = phase::restarting;
    best_effort_->lost();
  }
}

void database_state::went_down(const caf::actor_addr& who,
                               const caf::error& reason) {
  if (who == system_part_)
    return self_->quit();
  if (who != supervisor_.address())
    return remove_subscriber(who);
  supervisor_ = nullptr;
  if (phase_ == phase::closed)
    return finish_closing();
  if (phase_ == phase::failed)
    return finish_failing();
  fail(insist([&] {
    return reason != caf::none
             ? reason
             : make_failure(ec::unavailable, "the supervisor was stopped");
  }));
}

// Messages in the mailbox of an actor that ends get an error of CAF's, so no
// message may be in flight to the children when they are told to end.
void database_state::fail(caf::error reason) {
  if (phase_ == phase::failed || phase_ == phase::closed)
    return;
  if (handover_->was_open)
    reason = insist([&] { return sqlite::as_damage(reason); });
  phase_ = phase::failed;
  reason_ = std::move(reason);
  if (readers_)
    must_send(readers_, close_readers{false, reason_});
  readers_ = nullptr;
  indexer_ = nullptr;
  writer_ = nullptr;
  stash_outgoing();
  log(log_level::error, [this] { return "gave up: " + describe(reason_); });
  stash_.refuse(reason_);
  best_effort_->drop_all();
  run_deferred(reason_);
  closing_.reset();
  if (supervisor_)
    must_send(supervisor_, stop_children{});
  else
    finish_failing();
}

// No connection has the file open any more.
void database_state::finish_failing() {
  handover_->lock.reset();
  best_effort_->lost();
  answer_all(std::exchange(close_replies_, {}), reason_);
  if (opts_->terminate_on_failure)
    self_->quit(reason_);
  else
    let_system_end();
}

// -- the writer comes and goes ------------------------------------------------------

void database_state::writer_is_ready(const writer_ready& what) {
  if (phase_ == phase::closed || phase_ == phase::failed)
    return;
  stash_outgoing();
  writer_ = caf::actor_cast<sqlite_writer_actor>(self_->current_sender());
  if (phase_ == phase::opening)
    log_opening(what.info);
  insist([&] { info_ = what.info; });
  shared_->gate.open();
  phase_ = phase::open;
  writer_was_ready_ = true;
  stash_.settle(what);
  outgoing_ = stash_.take();
  flush_outgoing();
  if (!children_started_ && !closing_)
    insist([this] { start_readers_and_indexer(); });
  run_deferred({});
  flush_best_effort();
  if (closing_ && !children_started_)
    close_index_jobs();
  else if (closing_ && closing_->step == closing_step::writer)
    close_file();
}

void database_state::writer_has_failed(const writer_failed& what) {
  auto& reason = what.reason;
  if (phase_ == phase::open)
    phase_ = phase::restarting;
  stash_outgoing();
  log(log_level::warning, [&] { return "writer failed: " + describe(reason); });
  if (!std::exchange(writer_was_ready_, false) && phase_ == phase::restarting) {
    stash_.opening_failed(reason, *opts_, clock_type::now());
    auto is_lasting = sqlite::is_lasting(code_of(reason));
    deferred_.opening_failed(reason, is_lasting ? 1 : opts_->max_attempts);
  }
  leaving_ = caf::actor_cast<sqlite_writer_actor>(self_->current_sender());
  if (what.is_index_suspect)
    release_readers();
  else
    hand_over();
}

void database_state::release_readers() {
  log(log_level::warning, [] {
    return std::string{"closes all connections, so that the write-ahead log is "
                       "read again"};
  });
  if (readers_)
    must_send(self_, readers_, release_connections{});
  insist([this] {
    shared_->gate.shut(
      [core = core_handle()] { must_send(core, readers_released{}); });
  });
}

void database_state::hand_over() {
  if (leaving_)
    must_send(self_, leaving_, handover_done{});
  leaving_ = nullptr;
}

// While the next pool is not known yet, requests wait for it.
void database_state::readers_have_failed() {
  auto who = caf::actor_cast<caf::actor>(self_->current_sender());
  if (readers_ && readers_.address() == who.address())
    readers_ = nullptr;
  must_send(self_, caf::actor_cast<reader_pool_core_actor>(who),
            handover_done{});
}

void database_state::best_effort_is_done(best_effort_done& what) {
  best_effort_->done(std::move(what));
  if (phase_ == phase::failed || (closing_ && !drains()))
    best_effort_->drop_all();
  flush_best_effort();
  if (closing_ && closing_->step == closing_step::best_effort)
    close_best_effort();
}

void database_state::flush_best_effort() {
  if (phase_ != phase::open)
    return;
  flush_outgoing();
  auto batch = insist([this] { return best_effort_->next(); });
  if (batch)
    insist([&] { compat::send_or_keep(self_, writer_, *batch); });
}

// -- the log -----------------------------------------------------------------------

void database_state::log_opening(const database_info& what) const {
  log(log_level::info, [&] {
    auto line = "opened " + what.path + ", SQLite " + what.sqlite_version
                + ", synchronous=" + what.synchronous;
    if (what.has_wal_reset_bug)
      line += "; this SQLite has the WAL-reset bug, which cannot be reached: "
              "one connection makes all commits and all checkpoints";
    return line;
  });
}

} // namespace onewriter
