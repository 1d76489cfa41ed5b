#include "actors/database.hpp"

#include "actors/admission.hpp"
#include "actors/alert_monitor.hpp"
#include "actors/best_effort_lane.hpp"
#include "actors/indexer.hpp"
#include "actors/internal.hpp"
#include "actors/read_work.hpp"
#include "actors/reader_pool.hpp"
#include "actors/sqlite/errors.hpp"
#include "actors/sqlite_writer.hpp"
#include "actors/statistics_collector.hpp"
#include "actors/supervisor.hpp"
#include "actors/write_stash.hpp"
#include "messages/failure.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

namespace onewriter {

namespace {

using clock_type = work::clock;

using full_trait = compat::joined_trait<database_trait, database_core_trait>;

/// The database with what only its own actors may send to it.
using full_database_actor = compat::handle<full_trait>;

/// How far a database is from being able to write.
enum class phase : uint8_t { opening, open, restarting, closed, failed };

/// What happens one after the other while a database is being closed.
enum class closing_step : uint8_t {
  index_jobs,
  best_effort,
  readers,
  writer,
  supervisor,
};

caf::error closed_error() {
  return make_failure(ec::closed, "the database was closed; open it again");
}

class database_state {
public:
  explicit database_state(full_database_actor::pointer self) : self_{self} {
    // nop
  }

  // CAF 0.17 does not tell anybody about a promise that nobody kept.
  ~database_state();

  full_database_actor::behavior_type make_behavior(options opts);

  static inline const char* name = "onewriter.database";

private:
  // A request that waits for whoever is to be asked.
  struct deferred_request {
    // Asks, or answers with an error.
    std::function<void(const caf::error&)> run;
    clock_type::time_point expires = clock_type::time_point::max();
    // How often the file could not be opened meanwhile.
    uint32_t failed_openings = 0;
  };

  struct closing {
    close what;
    clock_type::time_point limit;
    closing_step step = closing_step::index_jobs;
    bool hurried = false;
  };

  // -- children ------------------------------------------------------------------

  void start_children();

  child_spec writer_spec();

  void start_readers_and_indexer();

  void start(child_spec spec);

  database_core_actor core_handle() const;

  void child_changed(const child_event& event);

  void writer_changed(const child_event& event);

  void went_down(const caf::actor_addr& who, const caf::error& reason);

  void give_up(caf::error reason);

  // -- the writer comes and goes ---------------------------------------------------

  void writer_is_ready(const writer_ready& what);

  void writer_has_failed(const caf::error& reason);

  void best_effort_is_done(best_effort_done& what);

  void flush_best_effort();

  // -- requests that write ---------------------------------------------------------

  template <class Request>
  caf::result<write_receipt> admit(Request& request);

  caf::result<write_receipt> refuse(caf::error reason);

  caf::result<write_receipt> forward(work_ptr what);

  caf::result<write_receipt> change_letters(work_request request);

  void push_best_effort(best_effort& what);

  uint64_t sender_key() const;

  // -- other requests --------------------------------------------------------------

  template <class Reply, class Target, class Request>
  caf::result<Reply> route(Target database_state::*target, Request& what);

  caf::error unavailability() const;

  template <class Request>
  clock_type::time_point expiry_of_deferred(const Request& what) const;

  void run_deferred(const caf::error& reason);

  void expire_deferred(clock_type::time_point now);

  void opening_failed(const caf::error& reason);

  template <class Predicate>
  void refuse_deferred(const caf::error& reason, Predicate pred);

  caf::result<database_info> describe_file();

  caf::result<void> allow_injection(inject_failure& what);

  // -- statistics and alerts -------------------------------------------------------

  statistics collect() const;

  std::string state_text() const;

  void check();

  void tell(const std::vector<alert>& alerts);

  void add_subscriber(const caf::actor& listener);

  void remove_subscriber(const caf::actor_addr& listener);

  void note_longest(const longest_write& what);

  void note_slow(const slow_statement_seen& what);

  // -- closing ---------------------------------------------------------------------

  caf::result<close_receipt> start_closing(const close& what);

  void close_index_jobs();

  void close_best_effort();

  void close_reader_pool();

  void close_file();

  void close_without_writer();

  void close_supervisor(const writer_closed& what);

  void hurry_closing();

  bool drains() const;

  void finish_closing();

  // -- utilities -------------------------------------------------------------------

  void log(log_level level, const std::string& line) const;

  void log_opening(const database_info& what) const;

  template <class Actor>
  void watch(const Actor& whom);

  full_database_actor::pointer self_;
  std::shared_ptr<const options> opts_;
  gauges_ptr shared_;
  std::shared_ptr<writer_estate> estate_ = std::make_shared<writer_estate>();

  enum phase phase_ = phase::opening;
  // Why the phase is `failed`.
  caf::error reason_;
  supervisor_actor supervisor_;
  sqlite_writer_actor writer_;
  reader_pool_actor readers_;
  indexer_actor indexer_;
  bool children_started_ = false;
  // Whether the writer that is there, or was last, had opened the file.
  bool writer_was_ready_ = false;
  database_info info_;

  write_stash stash_;
  std::optional<best_effort_lane> best_effort_;
  std::vector<deferred_request> deferred_;

  std::optional<admission> admission_;

  std::optional<statistics_collector> collector_;
  // As of the last check.
  double requests_per_second_ = 0;
  std::optional<alert_monitor> monitor_;
  uint64_t writer_restarts_ = 0;
  uint64_t reader_restarts_ = 0;
  longest_write longest_;
  std::set<caf::actor> subscribers_;

  std::optional<closing> closing_;
  close_receipt close_receipt_;
  std::vector<caf::typed_response_promise<close_receipt>> close_replies_;
};

database_state::~database_state() {
  auto reason = make_failure(ec::unavailable, "the database was stopped");
  stash_.refuse(reason);
  run_deferred(reason);
  for (auto& reply : close_replies_)
    reply.deliver(reason);
  if (supervisor_)
    caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
}

full_database_actor::behavior_type database_state::make_behavior(options opts) {
  if (!opts.log)
    opts.log = [](log_level, std::string_view) {
    };
  opts_ = std::make_shared<const options>(std::move(opts));
  shared_ = std::make_shared<gauges>(opts_->readers, opts_->max_cursors);
  best_effort_.emplace(opts_->queue);
  admission_.emplace(opts_, shared_, stash_);
  collector_.emplace(shared_, opts_->path);
  monitor_.emplace(opts_->alerts);
  if (auto problem = first_problem(*opts_); problem.empty())
    start_children();
  else
    give_up(make_failure(ec::invalid_argument, problem));
  check();
  return {
    // -- what callers send -------------------------------------------------------
    [this](write& x) { return admit(x); },
    [this](best_effort& x) { push_best_effort(x); },
    [this](call& x) { return admit(x); },
    [this](transaction& x) { return admit(x); },
    [this](query& x) {
      return route<result_set>(&database_state::readers_, x);
    },
    [this](open_cursor& x) {
      return route<cursor_actor>(&database_state::readers_, x);
    },
    [this](chunked_index& x) {
      return route<index_receipt>(&database_state::indexer_, x);
    },
    [this](chunked_job& x) {
      return route<job_receipt>(&database_state::indexer_, x);
    },
    [this](cancel_index& x) {
      return route<void>(&database_state::indexer_, x);
    },
    [this](remove_document& x) {
      return route<job_receipt>(&database_state::indexer_, x);
    },
    [this](search& x) {
      return route<search_hits>(&database_state::readers_, x);
    },
    [this](list_dead_letters& x) {
      return route<dead_letters>(&database_state::readers_, x);
    },
    [this](replay_dead_letter& x) { return change_letters(x); },
    [this](discard_dead_letter& x) {
      return change_letters(removal_of_letter(x.id));
    },
    [this](get_statistics) { return collect(); },
    [this](subscribe& x) { add_subscriber(x.listener); },
    [this](unsubscribe& x) { remove_subscriber(x.listener.address()); },
    [this](checkpoint& x) {
      return route<checkpoint_receipt>(&database_state::writer_, x);
    },
    [this](backup& x) {
      return route<backup_receipt>(&database_state::readers_, x);
    },
    [this](integrity_check& x) {
      return route<integrity_report>(&database_state::readers_, x);
    },
    [this](describe_database) { return describe_file(); },
    [this](close& x) { return start_closing(x); },
    [this](inject_failure& x) { return allow_injection(x); },
    // -- what the database's own actors send -------------------------------------
    [this](work_ptr& x) { return forward(std::move(x)); },
    [this](writer_ready& x) { writer_is_ready(x); },
    [this](writer_failed& x) { writer_has_failed(x.reason); },
    [this](best_effort_done& x) { best_effort_is_done(x); },
    [this](longest_write_seen& x) { note_longest(x.what); },
    [this](slow_statement_seen& x) { note_slow(x); },
    [this](child_event& x) { child_changed(x); },
    [this](check_alerts) { check(); },
  };
}

// -- children ---------------------------------------------------------------------

void database_state::start_children() {
  supervisor_options supervision;
  supervision.restarts = opts_->restarts;
  supervision.observer = caf::actor_cast<caf::actor>(self_->ctrl());
  supervision.children.push_back(writer_spec());
  supervisor_ = spawn_supervisor(self_->system(), std::move(supervision));
  watch(supervisor_);
}

child_spec database_state::writer_spec() {
  child_spec result;
  result.id = "writer";
  result.start
    = [core = core_handle(), opts = opts_, shared = shared_, estate = estate_](
        caf::actor_system& sys, const caf::error& last_reason) {
        auto writer
          = spawn_sqlite_writer(sys, core, opts, shared, estate, last_reason);
        return caf::actor_cast<caf::actor>(writer);
      };
  result.restart = restart_type::transient;
  result.judge = [estate = estate_](const caf::error& reason) {
    if (estate->hopeless)
      return verdict::give_up;
    return sqlite::is_transient(code_of(reason)) ? verdict::excuse
                                                 : verdict::count;
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
  readers.start = [core = core_handle(), opts = opts_, shared = shared_](
                    caf::actor_system& sys, const caf::error&) {
    return caf::actor_cast<caf::actor>(
      spawn_reader_pool(sys, core, opts, shared));
  };
  start(std::move(readers));
  child_spec indexer;
  indexer.id = "indexer";
  indexer.restart = restart_type::transient;
  indexer.start = [core = core_handle(), opts = opts_, shared = shared_](
                    caf::actor_system& sys, const caf::error&) {
    return caf::actor_cast<caf::actor>(spawn_indexer(sys, core, *opts, shared));
  };
  start(std::move(indexer));
}

// The handle comes with the event that the child was started; the end of the
// supervisor has a message of its own.
void database_state::start(child_spec spec) {
  compat::request(self_, supervisor_, caf::infinite,
                  start_child{std::move(spec)})
    .then([](const caf::actor&) {},
          [this](caf::error& err) {
            if (!compat::is_receiver_gone(err))
              give_up(std::move(err));
          });
}

database_core_actor database_state::core_handle() const {
  return full_database_actor{self_};
}

void database_state::child_changed(const child_event& event) {
  auto up = event.kind == child_event_kind::started;
  if (event.kind == child_event_kind::restarting)
    log(log_level::warning, event.id + " restarts: " + describe(event.reason));
  if (event.id == "writer")
    return writer_changed(event);
  if (event.id != "readers" && event.id != "indexer") {
    reader_restarts_ += event.kind == child_event_kind::restarting ? 1 : 0;
    return;
  }
  if (event.id == "readers")
    readers_ = up ? caf::actor_cast<reader_pool_actor>(event.child)
                  : reader_pool_actor{};
  else
    indexer_
      = up ? caf::actor_cast<indexer_actor>(event.child) : indexer_actor{};
  if (up && event.id == "indexer")
    compat::anon_send(indexer_, resume_jobs{});
  if (up)
    run_deferred({});
}

void database_state::writer_changed(const child_event& event) {
  if (event.kind != child_event_kind::restarting)
    return;
  ++writer_restarts_;
  // Killed without having said anything: what it held is answered or gone.
  if (phase_ == phase::open) {
    phase_ = phase::restarting;
    best_effort_->lost();
  }
}

void database_state::went_down(const caf::actor_addr& who,
                               const caf::error& reason) {
  if (who != supervisor_.address())
    return remove_subscriber(who);
  supervisor_ = nullptr;
  if (phase_ == phase::closed)
    return finish_closing();
  give_up(reason != caf::none
            ? reason
            : make_failure(ec::unavailable, "the supervisor was stopped"));
}

void database_state::give_up(caf::error reason) {
  phase_ = phase::failed;
  reason_ = std::move(reason);
  readers_ = nullptr;
  indexer_ = nullptr;
  writer_ = nullptr;
  estate_->lock.reset();
  log(log_level::error, "gave up: " + describe(reason_));
  stash_.refuse(reason_);
  best_effort_->lost();
  best_effort_->drop_all();
  run_deferred(reason_);
  closing_.reset();
  for (auto& reply : std::exchange(close_replies_, {}))
    reply.deliver(reason_);
  if (opts_->terminate_on_failure)
    self_->quit(reason_);
}

// -- the writer comes and goes ------------------------------------------------------

void database_state::writer_is_ready(const writer_ready& what) {
  if (phase_ == phase::closed || phase_ == phase::failed)
    return;
  writer_ = caf::actor_cast<sqlite_writer_actor>(self_->current_sender());
  if (phase_ == phase::opening)
    log_opening(what.info);
  info_ = what.info;
  phase_ = phase::open;
  writer_was_ready_ = true;
  stash_.settle(what);
  stash_.replay(writer_);
  if (!children_started_ && !closing_)
    start_readers_and_indexer();
  run_deferred({});
  flush_best_effort();
  if (closing_ && !children_started_)
    close_index_jobs();
  else if (closing_ && closing_->step == closing_step::writer)
    close_file();
}

void database_state::writer_has_failed(const caf::error& reason) {
  if (phase_ == phase::open)
    phase_ = phase::restarting;
  log(log_level::warning, "writer failed: " + describe(reason));
  if (!std::exchange(writer_was_ready_, false) && phase_ == phase::restarting)
    opening_failed(reason);
  compat::send(self_,
               caf::actor_cast<sqlite_writer_actor>(self_->current_sender()),
               handover_done{});
}

void database_state::best_effort_is_done(best_effort_done& what) {
  best_effort_->done(std::move(what));
  if (closing_ && !drains())
    best_effort_->drop_all();
  flush_best_effort();
  if (closing_ && closing_->step == closing_step::best_effort)
    close_best_effort();
}

void database_state::flush_best_effort() {
  if (phase_ != phase::open)
    return;
  if (auto batch = best_effort_->next())
    compat::send(self_, writer_, std::move(*batch));
}

// -- requests that write --------------------------------------------------------------

template <class Request>
caf::result<write_receipt> database_state::admit(Request& request) {
  estate_->spent.release_some();
  auto what = to_work(request, clock_type::now());
  what->awaited = compat::is_request(self_);
  what->sender = sender_key();
  if (auto err
      = admission_->admit(*what, unavailability(), requests_per_second_);
      err != caf::none)
    return refuse(std::move(err));
  return forward(std::move(what));
}

// Errors, too, are only for those who wait: a sender that does not would get a
// message out of the blue.
caf::result<write_receipt> database_state::refuse(caf::error reason) {
  if (compat::is_request(self_))
    return reason;
  return caf::delegated<write_receipt>{};
}

caf::result<write_receipt> database_state::forward(work_ptr what) {
  // The writer may be gone before it reads this.
  if (phase_ == phase::open && closing_
      && closing_->step == closing_step::writer && !drains())
    return refuse(closed_error());
  if (phase_ == phase::open)
    return compat::delegate(self_, writer_, std::move(what));
  caf::typed_response_promise<write_receipt> promise;
  if (what->awaited)
    promise = self_->make_response_promise<write_receipt>();
  stash_.push(std::move(what), promise);
  // A dying writer may still hand back what was accepted: the stash counts it,
  // and knows what is in doubt.
  if (phase_ == phase::failed)
    stash_.refuse(reason_);
  else if (phase_ == phase::closed)
    close_receipt_.refused += stash_.refuse(closed_error());
  return caf::delegated<write_receipt>{};
}

caf::result<write_receipt>
database_state::change_letters(work_request request) {
  if (auto err = unavailability(); err != caf::none)
    return refuse(std::move(err));
  auto what = std::make_shared<work>();
  what->request = std::move(request);
  what->awaited = compat::is_request(self_);
  what->changes_letters = true;
  what->arrived = clock_type::now();
  return forward(std::move(what));
}

void database_state::push_best_effort(best_effort& what) {
  if (unavailability() != caf::none)
    return best_effort_->drop();
  best_effort_->push(std::move(what), clock_type::now());
  flush_best_effort();
}

uint64_t database_state::sender_key() const {
  // The address of what CAF keeps of an actor is unique while the actor lives.
  return reinterpret_cast<uintptr_t>(self_->current_sender().get());
}

// -- other requests -------------------------------------------------------------------

template <class Reply, class Target, class Request>
caf::result<Reply>
database_state::route(Target database_state::*target, Request& what) {
  if (auto err = unavailability(); err != caf::none)
    return err;
  if (phase_ == phase::open && this->*target)
    return compat::delegate(self_, this->*target, std::move(what));
  auto promise = compat::make_promise<Reply>(self_);
  auto expires = expiry_of_deferred(what);
  auto run = [=, what = std::move(what)](const caf::error& reason) {
    auto reply = promise;
    if (reason != caf::none)
      reply.deliver(reason);
    else
      reply.delegate(this->*target, what);
  };
  deferred_.push_back({std::move(run), expires, 0});
  return promise;
}

caf::error database_state::unavailability() const {
  if (phase_ == phase::failed)
    return reason_;
  if (closing_ || phase_ == phase::closed)
    return closed_error();
  return {};
}

// Waits until everybody is there who may be asked.
void database_state::run_deferred(const caf::error& reason) {
  auto complete = phase_ == phase::open && readers_ && indexer_;
  if (reason == caf::none && !complete)
    return;
  for (auto& request : std::exchange(deferred_, {}))
    request.run(reason);
}

// Those that have a deadline of their own.
template <class Request>
clock_type::time_point
database_state::expiry_of_deferred(const Request& what) const {
  auto now = clock_type::now();
  if constexpr (std::is_same_v<Request,
                               query> || std::is_same_v<Request, search>)
    return expiry_of(now, what.deadline, opts_->query_deadline);
  else if constexpr (std::is_same_v<Request, open_cursor>)
    return expiry_of(now, what.what.deadline, opts_->query_deadline);
  else if constexpr (std::is_same_v<Request, list_dead_letters>)
    return expiry_of(now, std::chrono::nanoseconds{0}, opts_->query_deadline);
  else
    return clock_type::time_point::max();
}

void database_state::expire_deferred(clock_type::time_point now) {
  if (deferred_.empty())
    return;
  refuse_deferred(make_failure(ec::deadline_exceeded,
                               "the deadline passed while the writer or the "
                               "readers were being restarted"),
                  [=](deferred_request& x) { return x.expires < now; });
}

// Nobody waits for a file that cannot be opened for longer than for one that
// can be opened and not be written.
void database_state::opening_failed(const caf::error& reason) {
  stash_.opening_failed(reason, *opts_, clock_type::now());
  refuse_deferred(reason, [&](deferred_request& x) {
    return reason == ec::busy || ++x.failed_openings >= opts_->max_attempts;
  });
}

template <class Predicate>
void database_state::refuse_deferred(const caf::error& reason, Predicate pred) {
  for (auto& request : std::exchange(deferred_, {}))
    if (pred(request))
      request.run(reason);
    else
      deferred_.push_back(std::move(request));
}

caf::result<database_info> database_state::describe_file() {
  if (auto err = unavailability(); err != caf::none)
    return err;
  if (phase_ != phase::opening)
    return info_;
  auto promise = self_->make_response_promise<database_info>();
  auto run = [this, promise](const caf::error& reason) {
    auto reply = promise;
    if (reason != caf::none)
      reply.deliver(reason);
    else
      reply.deliver(info_);
  };
  deferred_.push_back({run, clock_type::time_point::max(), 0});
  return promise;
}

caf::result<void> database_state::allow_injection(inject_failure& what) {
  if (!opts_->allow_failure_injection)
    return make_failure(ec::not_allowed,
                        "set options::allow_failure_injection to drill "
                        "failures");
  return route<void>(&database_state::writer_, what);
}

// -- statistics and alerts ----------------------------------------------------------

statistics database_state::collect() const {
  auto now = clock_type::now();
  auto result = collector_->collect(now);
  auto& stashed = stash_.counts();
  result.writes.acknowledged += stashed.acknowledged;
  result.writes.failed += stashed.failed;
  result.writes.expired += stashed.expired;
  result.writes.unknown += stashed.unknown;
  admission_->add_to(result.writes);
  result.best_effort = best_effort_->counts();
  result.writer_restarts = writer_restarts_;
  result.reader_restarts = reader_restarts_;
  result.longest = longest_;
  result.state = state_text();
  if (auto oldest = stash_.oldest())
    result.oldest_pending = std::max(result.oldest_pending,
                                     std::chrono::nanoseconds{now - *oldest});
  return result;
}

std::string database_state::state_text() const {
  if (closing_)
    return "closing";
  switch (phase_) {
    case phase::opening:
      return "opening";
    case phase::open:
      return "open";
    case phase::restarting:
      return "restarting";
    case phase::closed:
      return "closed";
    default:
      return "failed";
  }
}

// Ends with the database, so that nothing keeps a closed one alive.
void database_state::check() {
  auto now = clock_type::now();
  collector_->sample(now);
  stash_.expire(now);
  expire_deferred(now);
  auto stats = collect();
  requests_per_second_ = stats.requests_per_second;
  tell(monitor_->check(stats));
  hurry_closing();
  if (phase_ != phase::closed && phase_ != phase::failed)
    compat::delayed_send(self_, full_database_actor{self_},
                         opts_->alerts.check_interval, check_alerts{});
}

void database_state::tell(const std::vector<alert>& alerts) {
  for (auto& x : alerts) {
    if (x.raised)
      log(log_level::warning, "alert: " + x.message);
    for (auto& listener : subscribers_)
      compat::anon_send(listener, x);
  }
}

void database_state::add_subscriber(const caf::actor& listener) {
  if (!listener || !subscribers_.insert(listener).second)
    return;
  watch(listener);
  for (auto& x : monitor_->raised())
    compat::anon_send(listener, x);
}

void database_state::remove_subscriber(const caf::actor_addr& listener) {
  for (auto i = subscribers_.begin(); i != subscribers_.end(); ++i)
    if (i->address() == listener) {
      subscribers_.erase(i);
      return;
    }
}

void database_state::note_longest(const longest_write& what) {
  if (what.duration > longest_.duration)
    longest_ = what;
}

void database_state::note_slow(const slow_statement_seen& what) {
  auto ms
    = std::chrono::duration_cast<std::chrono::milliseconds>(what.duration);
  log(log_level::warning,
      "slow statement, " + std::to_string(ms.count()) + " ms: " + what.sql);
}

// -- closing ------------------------------------------------------------------------

caf::result<close_receipt> database_state::start_closing(const close& what) {
  if (phase_ == phase::failed)
    return reason_;
  if (phase_ == phase::closed)
    return close_receipt_;
  auto promise = self_->make_response_promise<close_receipt>();
  close_replies_.push_back(promise);
  if (closing_)
    return promise;
  auto limit = expiry_of(clock_type::now(), what.limit, what.limit.zero());
  closing_.emplace(closing{what, limit});
  close_receipt_.refused += deferred_.size();
  for (auto& request : std::exchange(deferred_, {}))
    request.run(closed_error());
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
  compat::request(self_, indexer_, caf::infinite, close_indexer{drains()})
    .then(
      [=](uint64_t refused) {
        close_receipt_.refused += refused;
        go_on();
      },
      [=](const caf::error&) { go_on(); });
  // What the jobs wait for the writer has yet to refuse.
  if (!drains())
    close_best_effort();
}

void database_state::close_best_effort() {
  closing_->step = closing_step::best_effort;
  if (!drains())
    best_effort_->drop_all();
  flush_best_effort();
  // In haste, what is on its way is the writer's to refuse.
  if (best_effort_->empty() || !drains())
    close_reader_pool();
}

void database_state::close_reader_pool() {
  closing_->step = closing_step::readers;
  if (!readers_)
    return close_file();
  auto go_on = [this] {
    close_file();
  };
  compat::request(self_, readers_, caf::infinite, close_readers{drains()})
    .then(go_on, [=](const caf::error&) { go_on(); });
}

// A writer that fails meanwhile is restarted first, and asked again.
void database_state::close_file() {
  closing_->step = closing_step::writer;
  if (phase_ != phase::open && !drains())
    return close_without_writer();
  if (phase_ != phase::open)
    return;
  close_writer what;
  what.drain = drains();
  what.limit = closing_->limit;
  compat::request(self_, writer_, caf::infinite, what)
    .then([this](const writer_closed& x) { close_supervisor(x); },
          [](const caf::error&) {
            // The next writer is asked as soon as it is ready.
          });
}

// The file is not open, and may not be for long.
void database_state::close_without_writer() {
  best_effort_->drop_all();
  writer_closed what;
  what.refused = stash_.refuse(closed_error());
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
  compat::anon_send(supervisor_, stop_children{});
}

// Called when the time is over: what is still going on is cut short.
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
    compat::anon_send(indexer_, close_indexer{false});
  if (closing_->step == closing_step::index_jobs
      || closing_->step == closing_step::best_effort)
    close_best_effort();
  else if (closing_->step == closing_step::readers && readers_)
    compat::anon_send(readers_, close_readers{false});
}

bool database_state::drains() const {
  return closing_->what.drain && clock_type::now() < closing_->limit;
}

void database_state::finish_closing() {
  closing_.reset();
  estate_->lock.reset();
  subscribers_.clear();
  readers_ = nullptr;
  indexer_ = nullptr;
  close_receipt_.drained = close_receipt_.refused == 0;
  log(log_level::info, "closed " + opts_->path);
  for (auto& reply : std::exchange(close_replies_, {}))
    reply.deliver(close_receipt_);
}

void database_state::log(log_level level, const std::string& line) const {
  opts_->log(level, line);
}

void database_state::log_opening(const database_info& what) const {
  auto line = "opened " + what.path + ", SQLite " + what.sqlite_version
              + ", synchronous=" + what.synchronous;
  if (what.has_wal_reset_bug)
    line += "; this SQLite has the WAL-reset bug, which cannot be reached: one "
            "connection makes all commits and all checkpoints";
  log(log_level::info, line);
}

template <class Actor>
void database_state::watch(const Actor& whom) {
  compat::watch(self_, whom,
                [this](const caf::actor_addr& who, const caf::error& reason) {
                  went_down(who, reason);
                });
}

full_database_actor::behavior_type
database(full_database_actor::stateful_pointer<database_state> self,
         options opts) {
  return compat::state(self).make_behavior(std::move(opts));
}

} // namespace

database_actor spawn_database(caf::actor_system& sys, options opts) {
  return sys.spawn(database, std::move(opts));
}

caf::expected<database_actor> open_database(caf::actor_system& sys,
                                            options opts) {
  auto result = spawn_database(sys, std::move(opts));
  caf::scoped_actor self{sys};
  caf::error failure;
  compat::request(self, result, caf::infinite, describe_database{})
    .receive([](const database_info&) {},
             [&](caf::error& err) { failure = std::move(err); });
  if (failure == caf::none)
    return result;
  caf::anon_send_exit(result, caf::exit_reason::user_shutdown);
  return failure;
}

} // namespace onewriter
