#include "actors/reader/worker/sqlite_reader.hpp"

#include "actors/index/tables/search.hpp"
#include "actors/sqlite/base/errors.hpp"
#include "actors/sqlite/fts5_offset.hpp"
#include "actors/store/dead_letter_store.hpp"
#include "actors/support/caller_run_actor.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace onewriter {

namespace {

using clock_type = std::chrono::steady_clock;

bool is_inline(const reader_context& context, uint32_t slot) {
  return slot >= context.opts->readers;
}

class sqlite_reader_state {
public:
  explicit sqlite_reader_state(sqlite_reader_actor::pointer self)
    : self_{self} {
    // nop
  }

  sqlite_reader_actor::behavior_type make_behavior(reader_context context,
                                                   uint32_t slot) {
    context_ = std::move(context);
    metrics_ = context_.shared->readers.at(slot).get();
    slot_ = slot;
    is_inline_ = is_inline(context_, slot);
    // A query is soon followed by the next one of the same caller, which would
    // run before all that is ready, again and again.
    compat::yields_of(self_).when_woken = is_inline_;
    self_->set_exception_handler(exception_to_error);
    compat::on_exit_message(
      self_, [this](caf::exit_msg& msg) { quit(std::move(msg.reason)); });
    compat::send(self_, sqlite_reader_actor{self_}, open_file{});
    return {
      [this](query_work& what) { return serve<result_set>(what); },
      [this](search_work& what) { return serve<search_hits>(what); },
      [this](letters_work& what) { return serve<dead_letters>(what); },
      [this](release_connections) { release(); },
      [this](open_file) { open(); },
    };
  }

  static inline const char* name = "onewriter.reader";

private:
  void open() {
    if (gate_is_shut())
      return try_later();
    auto opts = *context_.opts;
    // It does not wait for a lock.
    if (is_inline_)
      opts.busy_timeout = opts.busy_timeout.zero();
    auto db = open_reader(opts, context_.shared);
    if (!db)
      return quit(std::move(db.error()));
    db_ = std::move(*db);
    if (auto err = sqlite::register_fts5_offset(*db_); err != caf::none)
      return quit(std::move(err));
    compat::send(self_, context_.pool, reader_idle{slot_});
  }

  // The pool does not use this reader until it is idle again.
  void release() {
    close_reader(db_, *context_.opts);
    try_later();
  }

  void try_later() {
    constexpr auto pause = std::chrono::milliseconds{10};
    compat::delayed_send(self_, sqlite_reader_actor{self_}, pause, open_file{});
  }

  bool gate_is_shut() const {
    return context_.shared->gate.is_shut();
  }

  // -- one query ------------------------------------------------------------------

  template <class Reply, class Request>
  caf::result<Reply> serve(read_work<Request>& work) {
    auto promise = self_->make_response_promise<Reply>();
    auto start = clock_type::now();
    auto reply = attempt<Reply>(work);
    auto end = clock_type::now();
    if (!reply && gate_is_shut()) {
      ++work.attempts;
      promise.delegate(context_.pool, std::move(work));
      compat::send(self_, context_.pool, reader_idle{slot_});
      return promise;
    }
    if (is_inline_ && !reply
        && takes_longer(reply.error(), end < work.expires)) {
      work.is_long = true;
      promise.delegate(context_.pool, std::move(work));
      compat::send(self_, context_.pool, reader_idle{slot_});
      return promise;
    }
    report_if_slow(work.what, end - start);
    if (!reply && is_fatal(reply.error())) {
      fail(promise, work, std::move(reply.error()));
      return promise;
    }
    count(work, static_cast<bool>(reply));
    if (reply)
      promise.deliver(std::move(*reply));
    else
      promise.deliver(std::move(reply.error()));
    compat::send(self_, context_.pool, reader_idle{slot_});
    return promise;
  }

  template <class Reply, class Request>
  caf::expected<Reply> attempt(const read_work<Request>& work) {
    if (clock_type::now() >= work.expires)
      return make_failure(ec::deadline_exceeded,
                          "the deadline passed before the query could run");
    try {
      if (is_inline_)
        return read<Reply>(work,
                           expiry_of(clock_type::now(), inline_limit(), {}));
      return retry_while_busy(*context_.shared, work.expires,
                              [&] { return read<Reply>(work, work.expires); });
    } catch (...) {
      return thrown_error("the query");
    }
  }

  template <class Reply, class Request>
  caf::expected<Reply>
  read(const read_work<Request>& work, clock_type::time_point limit) {
    db_->set_run_deadline(std::min(limit, work.expires));
    if (auto err = db_->begin_read(); err != caf::none)
      return err;
    snapshot_guard guard{*this};
    return run(work.what);
  }

  caf::expected<result_set> run(const query& what) {
    return db_->run(what.what, limits_of(what, *context_.opts));
  }

  caf::expected<search_hits> run(const search& what) {
    return run_search(*db_, what);
  }

  caf::expected<dead_letters> run(const list_dead_letters& what) {
    return list_letters(*db_, what, context_.opts->max_result_bytes);
  }

  // Releases the snapshot on every exit.
  struct snapshot_guard {
    explicit snapshot_guard(sqlite_reader_state& reader) : state{reader} {
      state.metrics_->reading_since.set(clock_type::now());
    }

    snapshot_guard(const snapshot_guard&) = delete;

    snapshot_guard& operator=(const snapshot_guard&) = delete;

    ~snapshot_guard() {
      state.db_->rollback();
      state.metrics_->reading_since.clear();
    }

    sqlite_reader_state& state;
  };

  // Whether a query has to start again on a dedicated reader. Waiting for a
  // lock would block one of the scheduler's threads.
  static bool takes_longer(const caf::error& reason, bool has_time) {
    return (reason == ec::deadline_exceeded && has_time) || is_busy(reason);
  }

  std::chrono::nanoseconds inline_limit() const {
    return context_.opts->quick_query_time;
  }

  // -- numbers --------------------------------------------------------------------

  void count(const query_work& work, bool ok) {
    metrics_->queries.add(1);
    metrics_->failed.add(ok ? 0 : 1);
    metrics_->query_latency.record(clock_type::now() - work.arrived);
  }

  void count(const search_work& work, bool ok) {
    metrics_->searches.add(1);
    metrics_->failed.add(ok ? 0 : 1);
    metrics_->search_latency.record(clock_type::now() - work.arrived);
  }

  void count(const letters_work&, bool) {
    // nop
  }

  template <class Request>
  void report_if_slow(const Request& what, std::chrono::nanoseconds duration) {
    constexpr auto lane = std::is_same_v<Request, search> ? "search" : "query";
    if (duration > context_.opts->slow_statement)
      compat::send(self_, context_.database,
                   slow_statement_seen{duration, title_of(what), lane});
  }

  // -- the end --------------------------------------------------------------------

  // A query that runs out of memory has released its snapshot and its memory:
  // the connection is still usable.
  bool is_fatal(const caf::error& reason) const {
    if (reason == ec::out_of_memory)
      return db_->in_transaction();
    return sqlite::is_fatal(code_of(reason));
  }

  // The query may be the cause of a failure that a supervisor would count: the
  // connection is opened again here, where it does not count.
  template <class Promise, class Request>
  void fail(Promise& promise, read_work<Request>& work, caf::error reason) {
    if (++work.attempts < max_read_attempts) {
      promise.delegate(context_.pool, std::move(work));
    } else {
      count(work, false);
      promise.deliver(reason);
    }
    if (judge_reader(reason) != verdict::count && reason != ec::out_of_memory)
      return quit(std::move(reason));
    close_reader(db_, *context_.opts);
    open();
  }

  void quit(caf::error reason) {
    close_reader(db_, *context_.opts);
    self_->quit(std::move(reason));
  }

  sqlite_reader_actor::pointer self_;
  reader_context context_;
  reader_metrics* metrics_ = nullptr;
  uint32_t slot_ = 0;
  bool is_inline_ = false;
  reader_connection db_;
};

using sqlite_reader
  = caller_run_actor<sqlite_reader_actor, sqlite_reader_state, true>;

} // namespace

sqlite_reader_actor spawn_sqlite_reader(caf::actor_system& sys,
                                        reader_context context, uint32_t slot) {
  if (is_inline(context, slot))
    return sys.spawn<sqlite_reader>(std::move(context), slot);
  require_thread();
  return sys.spawn<sqlite_reader, caf::detached>(std::move(context), slot);
}

verdict judge_reader(const caf::error& reason) {
  auto code = code_of(reason);
  if (sqlite::is_transient(code))
    return verdict::excuse;
  switch (code) {
    // The writer has the file open: its permissions have changed since.
    case ec::cannot_open:
    case ec::read_only:
      return verdict::excuse;
    case ec::not_a_database:
    case ec::file_replaced:
    case ec::no_write_ahead_log:
    case ec::network_file_system:
    case ec::missing_feature:
    case ec::invalid_argument:
      return verdict::give_up;
    default:
      return verdict::count;
  }
}

} // namespace onewriter
