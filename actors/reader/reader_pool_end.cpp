#include "actors/reader/reader_pool_state.hpp"

#include "actors/support/thrown.hpp"
#include "onewriter/failure.hpp"

#include <utility>

namespace onewriter {

// Only a killed pool still has promises here.
reader_pool_state::~reader_pool_state() {
  auto reason = stopped_error("the reader pool was stopped");
  refuse_waiting(reason);
  answer_all(close_asked_, reason);
  cursors_.close_all();
  maintenance_.cancel_running(reason);
  if (supervisor_)
    must_stop(supervisor_);
}

// -- how it begins --------------------------------------------------------------

caf::result<void> reader_pool_state::close(const close_readers& how) {
  auto promise = self_->make_response_promise<void>();
  insist([&] { close_asked_.push_back(promise); });
  auto refusal = insist([&] {
    return how.reason != caf::none
             ? how.reason
             : make_failure(ec::closed, "the database is being closed");
  });
  wind_down(end_.ask({}, std::move(refusal), how.drain));
  return promise;
}

void reader_pool_state::on_exit_message(caf::exit_msg& msg) {
  if (msg.reason == caf::none)
    return;
  end_.end_handover();
  auto refusal = make_failure(ec::closed, "the reader pool was stopped");
  wind_down(end_.ask(std::move(msg.reason), std::move(refusal), false));
}

void reader_pool_state::on_supervisor_down(const caf::error& why) {
  supervisor_ = nullptr;
  readers_.forget_all();
  if (end_.is_stopping_readers())
    return advance();
  end_unasked(why);
}

void reader_pool_state::end_unasked(const caf::error& why) {
  wind_down(end_.fail(why));
}

void reader_pool_state::wind_down(bool begins) {
  if (begins)
    cursors_.close_all();
  if (!end_.is_draining()) {
    refuse_waiting(end_.refusal());
    maintenance_.cancel_running(end_.refusal());
  }
  advance();
}

void reader_pool_state::refuse_waiting(const caf::error& reason) {
  readers_.refuse_waiting(reason);
  maintenance_.refuse_waiting(reason);
}

// -- how it goes on ---------------------------------------------------------------

void reader_pool_state::advance_end() {
  pool_end::parts left;
  left.requests = readers_.waiting() > 0 || readers_.any_busy()
                  || maintenance_.is_running();
  left.supervisor = supervisor_ != nullptr;
  left.cursors = cursors_.open() > 0;
  switch (end_.next(left)) {
    case pool_end::step::wait:
      return;
    case pool_end::step::stop_readers:
      return must_send(self_, supervisor_, stop_children{});
    case pool_end::step::hand_over:
      return must_send(self_, context_.database, readers_failed{});
    case pool_end::step::quit:
      acknowledge_all(std::exchange(close_asked_, {}));
      self_->quit(end_.reason());
  }
}

void reader_pool_state::finish_handover() {
  end_.end_handover();
  advance();
}

} // namespace onewriter
