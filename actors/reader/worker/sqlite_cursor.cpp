#include "actors/reader/worker/sqlite_cursor.hpp"

#include "actors/reader/worker/cursor.hpp"
#include "actors/sqlite/cursor.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <utility>

namespace onewriter {

namespace {

using clock_type = std::chrono::steady_clock;

caf::error closed(const char* why) {
  return make_failure(ec::cursor_closed,
                      std::string{"the cursor has ended: "} + why);
}

class sqlite_cursor_state {
public:
  explicit sqlite_cursor_state(sqlite_cursor_actor::pointer self)
    : self_{self} {
    // nop
  }

  sqlite_cursor_actor::behavior_type make_behavior(reader_context context,
                                                   uint32_t slot) {
    context_ = std::move(context);
    reading_since_ = context_.shared->cursors.at(slot).get();
    slot_ = slot;
    compat::on_exit_message(self_, [this](caf::exit_msg& msg) {
      end("it was stopped");
      self_->quit(std::move(msg.reason));
    });
    return {
      [this](cursor_work& what) { return open(what); },
      [this](next_page) { return read(); },
      [this](close_cursor) { close(); },
      [this](release_cursor) { release(); },
      [this](check_cursor) { check(); },
    };
  }

  static inline const char* name = "onewriter.sqlite_cursor";

private:
  // -- requests -------------------------------------------------------------------

  caf::result<cursor_actor> open(cursor_work& work) {
    auto err = guarded<caf::error>([&] { return take_snapshot(work); });
    if (err != caf::none) {
      end("it could not be opened");
      self_->quit();
      return err;
    }
    auto client = spawn_cursor(self_->system(), sqlite_cursor_actor{self_});
    client_ = client.address();
    opened_ = last_asked_ = clock_type::now();
    check();
    return client;
  }

  caf::result<cursor_page> read() {
    if (!cursor_)
      return closed("just now");
    auto start = clock_type::now();
    db_->set_run_deadline(
      expiry_of(start, deadline_, context_.opts->query_deadline));
    auto page = guarded<caf::expected<cursor_page>>(
      [this] { return cursor_->next(limits_); });
    last_asked_ = clock_type::now();
    report_if_slow(last_asked_ - start);
    if (!page && context_.shared->gate.is_shut())
      page = stopped_by_gate();
    if (!page)
      end("with an error");
    else if (page->last)
      end("that was its last page");
    return page;
  }

  void close() {
    end(
      context_.shared->gate.is_shut()
        ? "a sync of the database file failed, and all connections are opened "
          "again; open it again"
        : "it was closed");
  }

  // Nothing comes after this message.
  void release() {
    end("it was released");
    self_->quit();
  }

  void check() {
    if (!cursor_)
      return;
    auto now = clock_type::now();
    auto idle = now - last_asked_;
    auto age = now - opened_;
    auto life = context_.opts->cursor_limit;
    if (idle >= idle_limit_)
      end("it was not asked for longer than its idle_limit; open it again");
    else if (age >= life)
      end("it has lived for as long as the option cursor-limit allows; read "
          "faster, or raise the limit");
    else
      set_timer(
        std::min<std::chrono::nanoseconds>(idle_limit_ - idle, life - age));
  }

  // -- the life of a snapshot -----------------------------------------------------

  caf::error take_snapshot(cursor_work& work) {
    auto& what = work.what.what;
    limits_ = limits_of(what, *context_.opts);
    deadline_ = what.deadline;
    idle_limit_ = work.what.idle_limit;
    if (idle_limit_ == idle_limit_.zero())
      idle_limit_ = context_.opts->cursor_idle_limit;
    title_ = title_of(what);
    auto start = clock_type::now();
    if (start >= work.expires)
      return make_failure(ec::deadline_exceeded,
                          "the deadline passed before the cursor was opened");
    auto err = retry_while_busy(*context_.shared, work.expires,
                                [&] { return connect(); });
    if (err != caf::none)
      return err;
    reading_since_->set(clock_type::now());
    db_->set_run_deadline(work.expires);
    auto cursor = sqlite::cursor::open(*db_, std::move(what.what));
    if (!cursor)
      return cursor.error();
    cursor_ = std::move(*cursor);
    report_if_slow(clock_type::now() - start);
    return {};
  }

  caf::error connect() {
    close_reader(db_, *context_.opts);
    auto db = open_reader(*context_.opts, context_.shared);
    if (!db)
      return db.error();
    db_ = std::move(*db);
    return db_->begin_read();
  }

  void end(const char* why) {
    if (ended_)
      return;
    ended_ = true;
    cursor_.reset();
    close_reader(db_, *context_.opts);
    reading_since_->clear();
    auto reason = closed(why);
    compat::send(self_, context_.pool, cursor_ended{slot_, reason});
    if (auto client = caf::actor_cast<cursor_core_actor>(client_))
      compat::send(self_, client, cursor_ended{slot_, reason});
  }

  // -- helpers --------------------------------------------------------------------

  template <class Result, class F>
  Result guarded(F f) {
    try {
      return f();
    } catch (...) {
      return thrown_error("the cursor");
    }
  }

  void set_timer(std::chrono::nanoseconds delay) {
    compat::delayed_send(self_, sqlite_cursor_actor{self_}, delay,
                         check_cursor{});
  }

  void report_if_slow(std::chrono::nanoseconds duration) {
    if (duration > context_.opts->slow_statement)
      compat::send(self_, context_.database,
                   slow_statement_seen{duration, title_, "query"});
  }

  sqlite_cursor_actor::pointer self_;
  reader_context context_;
  moment_gauge* reading_since_ = nullptr;
  uint32_t slot_ = 0;
  sqlite::result_limits limits_;
  std::chrono::nanoseconds deadline_{0};
  std::chrono::nanoseconds idle_limit_{0};
  std::string title_;
  reader_connection db_;
  std::unique_ptr<sqlite::cursor> cursor_;
  bool ended_ = false;
  clock_type::time_point opened_;
  clock_type::time_point last_asked_;
  // Not a handle, which would keep the client's actor alive: that ends with its
  // last handle.
  caf::actor_addr client_;
};

sqlite_cursor_actor::behavior_type
sqlite_cursor(sqlite_cursor_actor::stateful_pointer<sqlite_cursor_state> self,
              reader_context context, uint32_t slot) {
  return compat::state(self).make_behavior(std::move(context), slot);
}

} // namespace

sqlite_cursor_actor spawn_sqlite_cursor(caf::actor_system& sys,
                                        reader_context context, uint32_t slot) {
  require_thread();
  return sys.spawn<caf::detached>(sqlite_cursor, std::move(context), slot);
}

} // namespace onewriter
