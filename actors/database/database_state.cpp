#include "actors/database/database_state.hpp"

#include "actors/sqlite/base/errors.hpp"
#include "actors/support/thrown.hpp"
#include "messages/compat/execution.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <filesystem>
#include <new>
#include <string>
#include <system_error>
#include <utility>

namespace onewriter {

namespace {

// The program may change its working directory while the database is open.
std::string path_of_database(const std::string& path) {
  // Refused later, with a reason; with a folder in front they would be valid
  // file names.
  auto is_special
    = path.empty() || path.front() == ':' || path.rfind("file:", 0) == 0;
  std::error_code failed;
  auto result = std::filesystem::absolute(path, failed);
  return is_special || failed ? path : result.string();
}

database_context make_context(full_database_actor::pointer self, options opts,
                              scheduler_seat& seat,
                              std::unique_ptr<sqlite::owner_lock> lock) {
  if (opts.thread == writer_thread::automatic)
    opts.thread = seat.take(self->system()) ? writer_thread::scheduled
                                            : writer_thread::detached;
  if (compat::worker_count(self->system()) < 2)
    opts.quick_query_time = opts.quick_query_time.zero();
  if (!opts.log)
    opts.log = [](log_level, std::string_view) {
    };
  opts.path = path_of_database(opts.path);
  database_context result;
  result.self = self;
  result.opts = std::make_shared<const options>(std::move(opts));
  result.shared = std::make_shared<metrics>(reader_slots(*result.opts),
                                            result.opts->max_cursors);
  result.handover = std::make_shared<writer_handover>(std::move(lock));
  return result;
}

std::string opening_line(const database_info& what) {
  auto line = "opened " + what.path + ", SQLite " + what.sqlite_version
              + ", synchronous=" + what.synchronous;
  if (what.has_wal_reset_bug)
    line += "; this SQLite has the WAL-reset bug, which cannot be reached: no "
            "commit starts the log again while it is copied";
  return line;
}

} // namespace

database_state::database_state(full_database_actor::pointer self, options opts,
                               flow_gate_ptr gate,
                               std::unique_ptr<sqlite::owner_lock> lock)
  : context_{make_context(self, std::move(opts), seat_, std::move(lock))},
    children_{context_},
    writes_{context_, lifecycle_, children_},
    best_effort_{context_, lifecycle_, children_, writes_},
    router_{context_, lifecycle_, children_, writes_},
    measures_{context_.shared, context_.opts->path},
    alerts_{context_.opts->alerts, context_.opts->log},
    parts_{context_, children_, writes_, best_effort_, info_},
    closing_{lifecycle_, parts_},
    intake_{context_, lifecycle_, closing_, writes_, measures_},
    gate_{std::move(gate)} {
  // nop
}

database_state::~database_state() {
  auto reason = stopped_error("the database was stopped");
  router_.deferred().run_all(reason);
  closing_.fail(reason);
  stop_timer();
  if (children_.supervisor())
    must_stop(children_.supervisor());
}

// -- the children come and go ---------------------------------------------------

void database_state::child_changed(const child_event& event) {
  if (event.kind == child_event_kind::restarting)
    log_restart(event);
  if (event.id == database_children::writer_id)
    return writer_changed(event);
  if (event.id != database_children::readers_id
      && event.id != database_children::indexer_id) {
    // One of the readers below their pool.
    if (event.kind == child_event_kind::restarting)
      measures_.count_reader_restart();
    return;
  }
  if (event.kind == child_event_kind::gave_up)
    return fail(insist([&] { return event.reason; }));
  children_.update(event);
  if (event.kind == child_event_kind::started) {
    router_.run_deferred();
    closing_.part_started();
  }
}

void database_state::log_restart(const child_event& event) {
  auto& filter = event.id == database_children::writer_id
                   ? logged_writer_restarts_
                   : logged_other_restarts_;
  if (filter.passes(static_cast<int>(code_of(event.reason)),
                    statistics_collector::clock::now()))
    log(log_level::warning,
        [&] { return event.id + " restarts: " + describe(event.reason); });
}

void database_state::writer_changed(const child_event& event) {
  if (event.kind == child_event_kind::gave_up) {
    // As soon as callers know, other processes may own the file.
    context_.handover->release_lock();
    return fail(insist([&] { return event.reason; }));
  }
  if (event.kind != child_event_kind::restarting)
    return;
  measures_.count_writer_restart();
  // Killed without a report: its requests are answered or lost.
  if (lifecycle_.change_to(phase::restarting))
    best_effort_.lane().lost();
}

void database_state::writer_is_ready(const writer_ready& what) {
  if (lifecycle_.is_over())
    return;
  if (lifecycle_.now() == phase::opening)
    log(log_level::info, [&] { return opening_line(what.info); });
  insist([&] { info_ = what.info; });
  context_.shared->gate.open();
  children_.writer_is_ready(
    caf::actor_cast<sqlite_writer_actor>(context_.self->current_sender()));
  lifecycle_.change_to(phase::open);
  writes_.resume(what);
  if (!children_.others_started() && !lifecycle_.is_closing())
    children_.start_others([this](caf::error err) { fail(std::move(err)); });
  router_.run_deferred();
  best_effort_.flush();
  closing_.file_opened();
}

void database_state::writer_has_failed(const writer_failed& what) {
  auto& reason = what.reason;
  auto& opts = *context_.opts;
  lifecycle_.change_to(phase::restarting);
  writes_.stash_unsent();
  if (logged_failures_.passes(static_cast<int>(code_of(reason)),
                              statistics_collector::clock::now()))
    log(log_level::warning,
        [&] { return "writer failed: " + describe(reason); });
  auto had_opened = children_.writer_has_failed(
    caf::actor_cast<sqlite_writer_actor>(context_.self->current_sender()));
  if (!had_opened && lifecycle_.now() == phase::restarting) {
    writes_.stash().opening_failed(reason, opts, pending_write::clock::now());
    auto is_lasting = sqlite::is_lasting(code_of(reason));
    router_.deferred().opening_failed(reason,
                                      is_lasting ? 1 : opts.max_attempts);
  }
  if (what.is_index_suspect)
    release_readers();
  else
    children_.hand_over();
}

void database_state::release_readers() {
  log(log_level::warning, [] {
    return std::string{"closes all connections, so that the write-ahead log is "
                       "read again"};
  });
  children_.release_readers();
}

void database_state::best_effort_is_done(best_effort_done& what) {
  best_effort_.lane().done(std::move(what));
  if (lifecycle_.now() == phase::failed || closing_.refuses_rest())
    best_effort_.lane().drop_all();
  best_effort_.flush();
  closing_.best_effort_settled();
}

void database_state::went_down(const caf::actor_addr& who,
                               const caf::error& reason) {
  if (who == system_part_)
    return context_.self->quit();
  if (who != children_.supervisor().address())
    return alerts_.remove(who);
  children_.forget_supervisor();
  if (lifecycle_.now() == phase::closed)
    return finish_closing();
  if (lifecycle_.now() == phase::failed)
    return finish_failing();
  fail(insist([&] {
    return reason != caf::none
             ? reason
             : make_failure(ec::unavailable, "the supervisor was stopped");
  }));
}

// -- the end --------------------------------------------------------------------

// Messages in the mailbox of an actor that ends get an error of CAF's, so no
// message may be in flight to the children when they are told to end.
void database_state::fail(caf::error reason) {
  if (lifecycle_.is_over())
    return;
  lifecycle_.fail(insist([&] { return context_.handover->as_damage(reason); }));
  auto& why = lifecycle_.reason();
  children_.abandon(why);
  writes_.stash_unsent();
  log(log_level::error, [&] { return "gave up: " + describe(why); });
  writes_.stash().refuse(why);
  best_effort_.lane().drop_all();
  router_.deferred().run_all(why);
  if (children_.supervisor())
    children_.stop();
  else
    finish_failing();
}

// No connection has the file open any more.
void database_state::finish_failing() {
  context_.handover->release_lock();
  seat_.release();
  best_effort_.lane().lost();
  closing_.fail(lifecycle_.reason());
  stop_timer();
  if (context_.opts->terminate_on_failure)
    context_.self->quit(lifecycle_.reason());
  else
    let_system_end();
}

void database_state::finish_closing() {
  lifecycle_.end_closing();
  context_.handover->release_lock();
  seat_.release();
  alerts_.remove_all();
  children_.forget_readers_and_indexer();
  auto last = insist([this] { return collect(); });
  log(log_level::info, [this] { return "closed " + context_.opts->path; });
  closing_.finish(std::move(last));
  stop_timer();
  let_system_end();
}

void database_state::start_timer() {
  timer_ = spawn_check_timer(context_.self->system(),
                             full_database_actor{context_.self},
                             context_.opts->alerts.check_interval);
}

void database_state::stop_timer() {
  if (timer_)
    must_stop(timer_);
  timer_ = nullptr;
}

// CAF's system waits for every actor that is registered as running. This one
// only answers late requests, for as long as there are handles to it; it ends
// together with the actors of the system itself, which are stopped when the
// system does not wait any more.
void database_state::let_system_end() {
  auto part
    = caf::actor_cast<caf::actor>(context_.self->home_system().spawn_serv());
  system_part_ = part.address();
  watch(part);
  // From here on the system may be shutting down.
  context_.self->unregister_from_system();
}

// -- statistics -----------------------------------------------------------------

statistics database_state::collect() const {
  auto now = statistics_collector::clock::now();
  auto result = measures_.collect(now);
  auto& stashed = writes_.stash().counts();
  result.writes.acknowledged += stashed.acknowledged;
  result.writes.failed += stashed.failed;
  result.writes.expired += stashed.expired;
  result.writes.unknown += stashed.unknown;
  intake_.counts().add_to(result.writes);
  result.best_effort = best_effort_.lane().counts();
  gate_->add_to(result);
  result.state = lifecycle_.text();
  if (auto oldest = writes_.stash().oldest())
    result.oldest_pending = std::max(result.oldest_pending,
                                     std::chrono::nanoseconds{now - *oldest});
  return result;
}

void database_state::check() {
  auto now = statistics_collector::clock::now();
  writes_.stash().expire(now);
  router_.deferred().expire(now);
  compare_measures(now);
  closing_.hurry();
}

// If memory runs out, the next check does it.
void database_state::compare_measures(
  statistics_collector::clock::time_point now) {
  try {
    measures_.sample(now);
    alerts_.check(collect());
  } catch (const std::bad_alloc&) {
    log(log_level::warning, [] {
      return std::string{"not enough memory to check the statistics"};
    });
  }
}

} // namespace onewriter
