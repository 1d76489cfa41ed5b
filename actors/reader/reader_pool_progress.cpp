#include "actors/reader/reader_children.hpp"
#include "actors/reader/reader_pool_state.hpp"
#include "actors/support/thrown.hpp"

#include <algorithm>
#include <utility>

namespace onewriter {

// Makes all possible progress, after each change.
void reader_pool_state::advance() {
  auto now = clock_type::now();
  readers_.refuse_expired(now);
  maintenance_.refuse_expired(now);
  readers_.advance();
  while (auto next = maintenance_.next())
    run(std::move(*next));
  publish();
  set_timer();
  advance_end();
}

void reader_pool_state::run(pending_maintenance what) {
  sqlite_backup_actor worker;
  try {
    worker = spawn_sqlite_backup(self_->system(), context_);
  } catch (...) {
    return what.refuse(thrown_error("the request"));
  }
  maintenance_.started(worker);
  insist([&] { watch(worker); });
  if (auto err = what.delegate_to(worker); err != caf::none) {
    // It was spawned only for this request.
    must_stop(worker);
    what.refuse(err);
  }
}

// -- readers --------------------------------------------------------------------

void reader_pool_state::start_readers() {
  auto& limits = *context_.opts;
  readers_ = reader_groups{
    limits.readers, reader_slots(limits) - limits.readers, limits.max_queries};
  supervisor_
    = spawn_supervisor(self_->system(), supervision_of_readers(context_));
  watch(supervisor_);
}

void reader_pool_state::add_idle(uint32_t slot) {
  auto reader = caf::actor_cast<sqlite_reader_actor>(self_->current_sender());
  if (context_.shared->gate.is_shut())
    return readers_.release(reader);
  readers_.add_idle(slot, std::move(reader));
  advance();
}

// Busy readers are released when the gate has stopped them.
void reader_pool_state::release_connections_of_all() {
  readers_.release_idle();
  cursors_.close_all();
  if (maintenance_.is_running())
    maintenance_.cancel_running(insist(stopped_by_gate));
}

// -- what has ended ---------------------------------------------------------------

void reader_pool_state::on_event(child_event& event) {
  if (event.child && event.kind != child_event_kind::started)
    readers_.forget(event.child.address());
  must_send(self_, context_.database, event);
  if (event.kind == child_event_kind::gave_up)
    end_unasked(event.reason);
  else
    advance();
}

void reader_pool_state::on_down(const caf::actor_addr& who,
                                const caf::error& why) {
  if (supervisor_ && supervisor_.address() == who)
    return on_supervisor_down(why);
  maintenance_.forget(who);
  forget_cursor(who);
}

void reader_pool_state::forget_cursor(const caf::actor_addr& who) {
  cursors_.free(who);
  advance();
}

// -- deadlines and numbers --------------------------------------------------------

void reader_pool_state::set_timer() {
  auto next = std::min(readers_.next_expiry(), maintenance_.next_expiry());
  if (next >= timer_)
    return;
  timer_ = next;
  auto delay = std::max(next - clock_type::now(), clock_type::duration{0});
  must_send_later(self_, full_reader_pool_actor{self_}, delay,
                  check_waiting{next});
}

void reader_pool_state::on_timer(check_waiting what) {
  // Otherwise another timer has replaced it.
  if (what.at == timer_)
    timer_ = never;
  advance();
}

void reader_pool_state::publish() {
  context_.shared->waiting_queries.set(readers_.waiting());
  context_.shared->open_cursors.set(cursors_.open());
}

} // namespace onewriter
