#include "actors/reader/reader_pool.hpp"

#include "actors/reader/reader_pool_state.hpp"
#include "actors/support/caller_run_actor.hpp"
#include "actors/support/thrown.hpp"

#include <new>
#include <utility>

namespace onewriter {

// -- queries ----------------------------------------------------------------------

template <class Reply, class Request>
caf::result<Reply>
reader_pool_state::accept(Request& what, std::chrono::nanoseconds deadline) {
  if (end_.has_begun())
    return end_.refusal();
  auto now = clock_type::now();
  auto expires = expiry_of(now, deadline, context_.opts->query_deadline);
  return enqueue<Reply>(read_work<Request>{std::move(what), now, expires});
}

template <class Reply, class Request>
caf::result<Reply> reader_pool_state::take_back(read_work<Request>& work) {
  if (end_.has_begun() && !end_.is_draining())
    return end_.refusal();
  return enqueue<Reply>(std::move(work));
}

template <class Reply, class Request>
caf::result<Reply> reader_pool_state::enqueue(read_work<Request>&& work) {
  auto& group = readers_.group_for(work);
  // Its place is before those that arrived later.
  auto comes_first = work.attempts > 0;
  if (!comes_first)
    if (auto err = group.check_room(); err != caf::none)
      return err;
  auto promise = self_->make_response_promise();
  auto expires = work.expires;
  pending_query item{promise, std::move(work)};
  if (comes_first)
    group.waiting.push_front(std::move(item), expires);
  else
    group.waiting.push_back(std::move(item), expires);
  advance();
  return promise;
}

// -- cursors ----------------------------------------------------------------------

caf::result<cursor_actor> reader_pool_state::open(open_cursor& what) {
  if (end_.has_begun())
    return end_.refusal();
  auto slot = cursors_.free_slot();
  if (!slot)
    return too_many_cursors(cursors_.size());
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

// -- backups and integrity checks -------------------------------------------------

template <class Reply, class Request>
caf::result<Reply>
reader_pool_state::maintain(Request& what, clock_type::time_point expires) {
  if (end_.has_begun())
    return end_.refusal();
  if (auto err = maintenance_.check_room(); err != caf::none)
    return err;
  read_work<Request> work{std::move(what), clock_type::now(), expires};
  auto promise = self_->make_response_promise();
  maintenance_.push({promise, std::move(work)}, expires);
  advance();
  return promise;
}

caf::result<integrity_report> reader_pool_state::check(integrity_check& what) {
  auto expires
    = expiry_of(clock_type::now(), what.deadline, integrity_check{}.deadline);
  return maintain<integrity_report>(what, expires);
}

// -- the actor --------------------------------------------------------------------

full_reader_pool_actor::behavior_type
reader_pool_state::make_behavior(database_core_actor database,
                                 std::shared_ptr<const options> opts,
                                 metrics_ptr shared) {
  self_->set_exception_handler(exception_to_error);
  context_ = {reader_pool_core_actor{full_reader_pool_actor{self_}},
              std::move(database), std::move(opts), std::move(shared)};
  cursors_ = cursor_slots{context_.opts->max_cursors};
  start_readers();
  compat::on_exit_message(self_,
                          [this](caf::exit_msg& msg) { on_exit_message(msg); });
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
    [this](maintenance_done) { maintenance_.finished(), advance(); },
    [this](child_event& x) { on_event(x); },
    [this](handover_done) { finish_handover(); },
    [this](check_waiting x) { on_timer(x); },
  };
}

namespace {

using reader_pool
  = caller_run_actor<full_reader_pool_actor, reader_pool_state, false>;

} // namespace

reader_pool_actor
spawn_reader_pool(caf::actor_system& sys, database_core_actor database,
                  std::shared_ptr<const options> opts, metrics_ptr shared) {
  return sys.spawn<reader_pool>(std::move(database), std::move(opts),
                                std::move(shared));
}

} // namespace onewriter
