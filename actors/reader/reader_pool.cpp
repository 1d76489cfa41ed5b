#include "actors/reader/reader_pool.hpp"

#include "actors/reader/cursor_slots.hpp"
#include "actors/reader/reader_group.hpp"
#include "actors/reader/worker/sqlite_backup.hpp"
#include "actors/reader/worker/sqlite_reader.hpp"
#include "actors/supervision/supervisor.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/compat/interface.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <new>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace onewriter {

namespace {

using clock_type = std::chrono::steady_clock;

using pool_actor = compat::handle<
  compat::joined_trait<reader_pool_trait, reader_pool_core_trait>>;

constexpr auto never = clock_type::time_point::max();

/// Backups and integrity checks that may wait for the one that runs.
constexpr size_t max_waiting_maintenance = 8;

/// The default time to retry after.
constexpr auto default_retry = std::chrono::milliseconds{100};

using pending_maintenance = pending_read<backup_work, check_work>;

/// The state of closing.
struct ending {
  /// The exit reason.
  caf::error reason;
  /// The error for late requests.
  caf::error refusal;
  /// Whether accepted requests are carried out.
  bool drain = false;
  /// Whether the readers were told to stop.
  bool is_stopping = false;
  /// Whether the database has to be informed first, because it did not ask for
  /// it.
  bool needs_handover = false;
  /// Whether the database was informed.
  bool is_handing_over = false;
};

caf::error overloaded(std::string message, std::chrono::nanoseconds retry) {
  failure what;
  what.message = std::move(message);
  what.retry_after = std::max<std::chrono::nanoseconds>(retry, default_retry);
  return make_failure(ec::overloaded, std::move(what));
}

class reader_pool_state {
public:
  explicit reader_pool_state(pool_actor::pointer self) : self_{self} {
    // nop
  }

  // CAF 0.17 sends no error for a broken promise. Only a killed pool still has
  // promises here.
  ~reader_pool_state() {
    auto reason = stopped_error("the reader pool was stopped");
    refuse_waiting(reason);
    answer_all(close_asked_, reason);
    cursors_.close_all();
    if (maintainer_)
      must_send(maintainer_, cancel_maintenance{reason});
    if (supervisor_)
      must_stop(supervisor_);
  }

  pool_actor::behavior_type make_behavior(database_core_actor database,
                                          std::shared_ptr<const options> opts,
                                          metrics_ptr shared);

  static inline const char* name = "onewriter.reader_pool";

private:
  // -- queries --------------------------------------------------------------------

  template <class Reply, class Request>
  caf::result<Reply> accept(Request& what, std::chrono::nanoseconds deadline) {
    if (ending_)
      return ending_->refusal;
    auto& group = quick_ ? *quick_ : dedicated_;
    if (is_full(group))
      return too_many_queries(group);
    auto now = clock_type::now();
    auto expires = expiry_of(now, deadline, context_.opts->query_deadline);
    read_work<Request> work{std::move(what), now, expires};
    auto promise = self_->make_response_promise();
    group.line.push_back({promise, std::move(work)}, expires);
    advance();
    return promise;
  }

  template <class Reply, class Request>
  caf::result<Reply> take_back(read_work<Request>& work) {
    if (ending_ && !ending_->drain)
      return ending_->refusal;
    auto is_new = work.attempts == 0;
    if (is_new && is_full(dedicated_))
      return too_many_queries(dedicated_);
    auto promise = self_->make_response_promise();
    auto expires = work.expires;
    if (is_new)
      dedicated_.line.push_back({promise, std::move(work)}, expires);
    else if (quick_ && !work.is_long)
      quick_->line.push_front({promise, std::move(work)}, expires);
    else
      dedicated_.line.push_front({promise, std::move(work)}, expires);
    advance();
    return promise;
  }

  bool is_full(const reader_group& group) const {
    return !group.readers.has_idle()
           && group.line.size() >= context_.opts->max_queries;
  }

  size_t waiting() const {
    return dedicated_.line.size() + (quick_ ? quick_->line.size() : 0);
  }

  caf::error too_many_queries(const reader_group& group) const {
    // The estimated wait in the queue is the time that its first request has
    // waited.
    auto wait = group.line.empty()
                  ? default_retry
                  : clock_type::now() - group.line.front().arrived();
    return overloaded(std::to_string(group.line.size())
                        + " queries wait for a reader already",
                      wait);
  }

  // -- readers --------------------------------------------------------------------

  void start_readers();

  void add_idle(uint32_t slot) {
    auto reader = caf::actor_cast<sqlite_reader_actor>(self_->current_sender());
    if (context_.shared->gate.is_shut())
      return release(reader);
    auto size = context_.opts->readers;
    if (slot < size)
      dedicated_.readers.add_idle(slot, std::move(reader));
    else
      quick_->readers.add_idle(slot - size, std::move(reader));
    advance();
  }

  // It is added again when it is idle.
  void release(const sqlite_reader_actor& reader) {
    for_each_group(
      [&](reader_group& group) { group.readers.forget(reader.address()); });
    must_send(self_, reader, release_connections{});
  }

  // Busy readers get here when the gate has stopped them.
  void release_connections_of_all() {
    for_each_group([this](reader_group& group) {
      while (group.readers.has_idle())
        release(sqlite_reader_actor{group.readers.take_idle()});
    });
    cursors_.close_all();
    if (maintainer_)
      must_send(self_, maintainer_,
                cancel_maintenance{insist(stopped_by_gate)});
  }

  template <class F>
  void for_each_group(F f) {
    f(dedicated_);
    if (quick_)
      f(*quick_);
  }

  bool any_busy() {
    return dedicated_.readers.any_busy()
           || (quick_ && quick_->readers.any_busy());
  }

  void on_event(child_event& event) {
    if (event.child && event.kind != child_event_kind::started)
      for_each_group([&](reader_group& group) {
        group.readers.forget(event.child.address());
      });
    auto gave_up = event.kind == child_event_kind::gave_up;
    must_send(self_, context_.database, event);
    if (gave_up)
      end_unasked(event.reason);
    else
      advance();
  }

  // -- cursors --------------------------------------------------------------------

  caf::result<cursor_actor> open(open_cursor& what) {
    if (ending_)
      return ending_->refusal;
    auto slot = cursors_.free_slot();
    if (!slot)
      return overloaded(std::to_string(cursors_.size())
                          + " cursors are open already: close one of them",
                        default_retry);
    sqlite_cursor_actor cursor;
    try {
      cursor = spawn_sqlite_cursor(self_->system(), context_, *slot);
    } catch (...) {
      return thrown_error("the cursor");
    }
    insist([&] { watch(cursor); });
    cursors_.put(*slot, cursor);
    publish();
    auto now = clock_type::now();
    auto expires
      = expiry_of(now, what.what.deadline, context_.opts->query_deadline);
    try {
      return compat::delegate(self_, cursor,
                              cursor_work{std::move(what), now, expires});
    } catch (const std::bad_alloc&) {
      // It was spawned only for this request, and frees its slot when it ends.
      must_stop(cursor);
      throw;
    }
  }

  void forget_cursor(const caf::actor_addr& who) {
    cursors_.free(who);
    advance();
  }

  // -- backups and integrity checks -----------------------------------------------

  template <class Reply, class Request>
  caf::result<Reply> maintain(Request& what, clock_type::time_point expires) {
    if (ending_)
      return ending_->refusal;
    if (maintenance_.size() >= max_waiting_maintenance)
      return overloaded(std::to_string(maintenance_.size())
                          + " backups and integrity checks wait already",
                        std::chrono::seconds{1});
    read_work<Request> work{std::move(what), clock_type::now(), expires};
    auto promise = self_->make_response_promise();
    maintenance_.push_back({promise, std::move(work)}, expires);
    advance();
    return promise;
  }

  caf::result<integrity_report> check(integrity_check& what) {
    auto expires
      = expiry_of(clock_type::now(), what.deadline, integrity_check{}.deadline);
    return maintain<integrity_report>(what, expires);
  }

  void start_maintenance() {
    if (maintainer_ || maintenance_.empty())
      return;
    auto next = maintenance_.pop();
    try {
      maintainer_ = spawn_sqlite_backup(self_->system(), context_);
    } catch (...) {
      return deliver(std::move(next), thrown_error("the request"));
    }
    insist([this] { watch(maintainer_); });
    if (auto err = next.delegate_to(maintainer_); err != caf::none) {
      // It was spawned only for this request.
      must_stop(maintainer_);
      deliver(std::move(next), err);
    }
  }

  // -- progress -------------------------------------------------------------------

  // Makes all possible progress, after each change.
  void advance() {
    refuse_expired();
    for_each_group([](reader_group& group) { group.advance(); });
    start_maintenance();
    publish();
    set_timer();
    if (ending_)
      advance_end();
  }

  void refuse_expired() {
    auto now = clock_type::now();
    auto refuse = [now](auto& line) {
      while (auto item = line.pop_expired(now))
        deliver(std::move(*item), insist([] {
                  return make_failure(ec::deadline_exceeded,
                                      "the deadline passed while the request "
                                      "waited");
                }));
    };
    for_each_group([&](reader_group& group) { refuse(group.line); });
    refuse(maintenance_);
  }

  void set_timer() {
    auto next = maintenance_.next_expiry();
    for_each_group([&](reader_group& group) {
      next = std::min(next, group.line.next_expiry());
    });
    if (next >= timer_)
      return;
    timer_ = next;
    auto delay = std::max(next - clock_type::now(), clock_type::duration{0});
    must_send_later(self_, pool_actor{self_}, delay, check_waiting{next});
  }

  void on_timer(check_waiting what) {
    // Otherwise another timer has replaced it.
    if (what.at == timer_)
      timer_ = never;
    advance();
  }

  void publish() {
    context_.shared->waiting_queries.set(waiting());
    context_.shared->open_cursors.set(cursors_.open());
  }

  template <class Handle>
  void watch(const Handle& what) {
    compat::watch(self_, what,
                  [this](const caf::actor_addr& who, const caf::error& why) {
                    on_down(who, why);
                  });
  }

  void on_down(const caf::actor_addr& who, const caf::error& why) {
    if (supervisor_ && supervisor_.address() == who)
      return on_supervisor_down(why);
    if (maintainer_ && maintainer_.address() == who)
      maintainer_ = nullptr;
    forget_cursor(who);
  }

  // -- the end --------------------------------------------------------------------

  caf::result<void> close(const close_readers& how) {
    auto promise = self_->make_response_promise<void>();
    insist([&] { close_asked_.push_back(promise); });
    auto refusal = insist([&] {
      return how.reason != caf::none
               ? how.reason
               : make_failure(ec::closed, "the database is being closed");
    });
    end({}, std::move(refusal), how.drain);
    return promise;
  }

  void on_supervisor_down(const caf::error& why) {
    supervisor_ = nullptr;
    for_each_group([](reader_group& group) { group.readers.forget_all(); });
    if (ending_ && ending_->is_stopping)
      return advance();
    end_unasked(why);
  }

  void end_unasked(const caf::error& why) {
    if (!ending_) {
      insist([&] { ending_ = ending{why, why}; });
      ending_->needs_handover = true;
      cursors_.close_all();
    }
    insist([&] { ending_->refusal = why; });
    end(why, why, false);
  }

  void end(caf::error reason, caf::error refusal, bool drain) {
    if (!ending_) {
      ending_ = ending{std::move(reason), std::move(refusal), drain};
      cursors_.close_all();
    }
    ending_->drain &= drain;
    if (!ending_->drain) {
      refuse_waiting(ending_->refusal);
      if (maintainer_)
        must_send(self_, maintainer_, cancel_maintenance{ending_->refusal});
    }
    advance();
  }

  void refuse_waiting(const caf::error& reason) {
    for_each_group([&](reader_group& group) {
      while (!group.line.empty())
        deliver(group.line.pop(), reason);
    });
    while (!maintenance_.empty())
      deliver(maintenance_.pop(), reason);
  }

  template <class Item>
  static void deliver(Item item, const caf::error& reason) {
    insist([&] { item.promise.deliver(reason); });
  }

  void advance_end() {
    if (waiting() > 0 || maintainer_ || any_busy())
      return;
    // An exit message would overtake a query in flight to a reader.
    if (supervisor_ && !std::exchange(ending_->is_stopping, true))
      must_send(self_, supervisor_, stop_children{});
    if (supervisor_ || cursors_.open() > 0)
      return;
    if (ending_->needs_handover) {
      if (!std::exchange(ending_->is_handing_over, true))
        must_send(self_, context_.database, readers_failed{});
      return;
    }
    acknowledge_all(std::exchange(close_asked_, {}));
    self_->quit(ending_->reason);
  }

  void finish_handover() {
    ending_->needs_handover = false;
    advance();
  }

  // -- members --------------------------------------------------------------------

  pool_actor::pointer self_;
  reader_context context_;
  // Empty once it has ended.
  supervisor_actor supervisor_;
  // Dedicated readers, each on its own thread.
  reader_group dedicated_{0};
  // Inline readers on the scheduler's threads, if enabled.
  std::optional<reader_group> quick_;
  cursor_slots cursors_;
  // Empty while there is nothing to do.
  sqlite_backup_actor maintainer_;
  deadline_queue<pending_maintenance> maintenance_;
  // The time of the next valid `check_waiting`.
  clock_type::time_point timer_ = never;
  std::optional<ending> ending_;
  std::vector<caf::typed_response_promise<void>> close_asked_;
};

pool_actor::behavior_type
reader_pool_state::make_behavior(database_core_actor database,
                                 std::shared_ptr<const options> opts,
                                 metrics_ptr shared) {
  self_->set_exception_handler(exception_to_error);
  context_ = {reader_pool_core_actor{pool_actor{self_}}, std::move(database),
              std::move(opts), std::move(shared)};
  cursors_ = cursor_slots{context_.opts->max_cursors};
  start_readers();
  compat::on_exit_message(self_, [this](caf::exit_msg& msg) {
    if (msg.reason == caf::none)
      return;
    if (ending_)
      ending_->needs_handover = false;
    end(std::move(msg.reason),
        make_failure(ec::closed, "the reader pool was stopped"), false);
  });
  return {
    // For all senders.
    [this](query& x) {
      return answered(self_, [&] { return accept<result_set>(x, x.deadline); });
    },
    [this](search& x) {
      return answered(self_,
                      [&] { return accept<search_hits>(x, x.deadline); });
    },
    [this](open_cursor& x) { return answered(self_, [&] { return open(x); }); },
    [this](list_dead_letters& x) {
      return answered(self_, [&] {
        return accept<dead_letters>(x, std::chrono::nanoseconds{0});
      });
    },
    [this](backup& x) {
      return answered(self_,
                      [&] { return maintain<backup_receipt>(x, never); });
    },
    [this](integrity_check& x) {
      return answered(self_, [&] { return check(x); });
    },
    [this](release_connections) { release_connections_of_all(); },
    [this](const close_readers& how) { return close(how); },
    // For the pool's own actors.
    [this](query_work& x) {
      return answered(self_, [&] { return take_back<result_set>(x); });
    },
    [this](search_work& x) {
      return answered(self_, [&] { return take_back<search_hits>(x); });
    },
    [this](letters_work& x) {
      return answered(self_, [&] { return take_back<dead_letters>(x); });
    },
    [this](reader_idle x) { add_idle(x.slot); },
    [this](const cursor_ended&) {
      forget_cursor(caf::actor_cast<caf::actor_addr>(self_->current_sender()));
    },
    [this](maintenance_done) { maintainer_ = nullptr, advance(); },
    [this](child_event& x) { on_event(x); },
    [this](handover_done) { finish_handover(); },
    [this](check_waiting x) { on_timer(x); },
  };
}

void reader_pool_state::start_readers() {
  auto size = context_.opts->readers;
  auto slots = reader_slots(*context_.opts);
  dedicated_ = reader_group{size};
  if (slots > size)
    quick_.emplace(slots - size);
  supervisor_options options;
  options.restarts = context_.opts->restarts;
  options.observer = caf::actor_cast<caf::actor>(pool_actor{self_});
  options.observer_stops_children = true;
  for (uint32_t slot = 0; slot < slots; ++slot) {
    child_spec reader;
    reader.id = slot < size ? "reader " + std::to_string(slot)
                            : "quick reader " + std::to_string(slot - size);
    reader.start
      = [context = context_, slot](caf::actor_system& sys, const caf::error&) {
          return caf::actor_cast<caf::actor>(
            spawn_sqlite_reader(sys, context, slot));
        };
    reader.judge = judge_reader;
    // A running query ends at its deadline.
    reader.shutdown_limit = std::chrono::nanoseconds::max();
    options.children.push_back(std::move(reader));
  }
  supervisor_ = spawn_supervisor(self_->system(), std::move(options));
  watch(supervisor_);
}

pool_actor::behavior_type
reader_pool(pool_actor::stateful_pointer<reader_pool_state> self,
            database_core_actor database, std::shared_ptr<const options> opts,
            metrics_ptr shared) {
  return compat::state(self).make_behavior(std::move(database), std::move(opts),
                                           std::move(shared));
}

} // namespace

uint32_t reader_slots(const options& opts) {
  auto has_quick_ones = opts.quick_query_time > opts.quick_query_time.zero();
  return has_quick_ones ? 2 * opts.readers : opts.readers;
}

reader_pool_actor
spawn_reader_pool(caf::actor_system& sys, database_core_actor database,
                  std::shared_ptr<const options> opts, metrics_ptr shared) {
  return sys.spawn(reader_pool, std::move(database), std::move(opts),
                   std::move(shared));
}

} // namespace onewriter
