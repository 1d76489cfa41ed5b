#include "actors/database/database_state.hpp"
#include "actors/support/thrown.hpp"
#include "onewriter/failure.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <variant>

namespace onewriter {

namespace {

std::string slowness_line(const slow_statement_seen& what) {
  auto ms
    = std::chrono::duration_cast<std::chrono::milliseconds>(what.duration);
  return "slow statement, " + std::to_string(ms.count()) + " ms: " + what.sql;
}

} // namespace

full_database_actor::behavior_type database_state::make_behavior() {
  if (auto problem = first_problem(*context_.opts); problem.empty()) {
    start_timer();
    children_.start();
    watch(children_.supervisor());
  } else {
    fail(make_failure(ec::invalid_argument, problem));
  }
  check();
  using children = database_children;
  return {
    // -- what callers send -------------------------------------------------------
    [this](write& x) { return intake_.take(x, *gate_); },
    [this](best_effort& x) { take_best_effort(x); },
    [this](call& x) { return intake_.take(x, *gate_); },
    [this](transaction& x) { return intake_.take(x, *gate_); },
    [this](query& x) {
      return router_.route<result_set>(&children::readers, x);
    },
    [this](open_cursor& x) {
      return router_.route<cursor_actor>(&children::readers, x);
    },
    [this](chunked_index& x) {
      return router_.route<index_receipt>(&children::indexer, x);
    },
    [this](chunked_job& x) {
      return router_.route<job_receipt>(&children::indexer, x);
    },
    [this](cancel_index& x) {
      return router_.route<void>(&children::indexer, x);
    },
    [this](remove_document& x) {
      return router_.route<job_receipt>(&children::indexer, x);
    },
    [this](search& x) {
      return router_.route<search_hits>(&children::readers, x);
    },
    [this](list_dead_letters& x) {
      return router_.route<dead_letters>(&children::readers, x);
    },
    [this](replay_dead_letter& x) {
      return answered([&] { return intake_.change_letters(x); });
    },
    [this](discard_dead_letter& x) {
      return answered(
        [&] { return intake_.change_letters(removal_of_letter(x.id)); });
    },
    // A caller with the answer knows that the writer gets all earlier requests.
    [this](get_statistics) {
      writes_.flush();
      return answered(
        [this]() -> caf::result<statistics> { return collect(); });
    },
    [this](subscribe& x) {
      return answered([&] { return subscribe_to_alerts(x.listener); });
    },
    [this](unsubscribe& x) { alerts_.remove(x.listener.address()); },
    [this](checkpoint& x) {
      return router_.route<checkpoint_receipt>(&children::writer, x);
    },
    [this](backup& x) {
      return router_.route<backup_receipt>(&children::readers, x);
    },
    [this](integrity_check& x) {
      return router_.route<integrity_report>(&children::readers, x);
    },
    [this](describe_database) {
      return answered(context_.self, [this] { return describe_file(); });
    },
    [this](close& x) {
      return answered(context_.self, [&] { return start_closing(x); });
    },
    [this](inject_failure& x) {
      return answered([&] { return allow_injection(x); });
    },
    // -- what the database's own actors send -------------------------------------
    [this](pending_write_ptr& x) { return intake_.take_over(std::move(x)); },
    [this](returned_requests& x) { intake_.take_back(x); },
    [this](writer_ready& x) { writer_is_ready(x); },
    [this](writer_failed& x) { writer_has_failed(x); },
    [this](const writer_closed& x) { closing_.file_closed(x); },
    [this](readers_released) { children_.hand_over(); },
    [this](readers_failed) {
      children_.hand_over(
        caf::actor_cast<caf::actor>(context_.self->current_sender()));
    },
    [this](best_effort_done& x) { best_effort_is_done(x); },
    [this](longest_write_seen& x) { measures_.note_longest(x.what); },
    [this](slow_statement_seen& x) {
      log(log_level::warning, [&] { return slowness_line(x); });
      measures_.note_slow(x);
    },
    [this](child_event& x) { child_changed(x); },
    [this](const process_turned_away& x) { measures_.count_turned_away(x); },
    [this](check_alerts) { check(); },
    [this](flush_work) { writes_.flush_as_scheduled(); },
    [this](get_flow_gate) { return gate_; },
    [this](paced_request& x) { take_paced(*x.item); },
    [this](joined_writes_ptr& x) { intake_.take(*x); },
  };
}

// -- requests -------------------------------------------------------------------

void database_state::take_best_effort(best_effort& what) {
  gate_->leave(what.bytes());
  best_effort_.push(what);
}

// No caller waits for the answer. It counts as in flight until it is destroyed,
// right after this.
void database_state::take_paced(paced_item& what) {
  if (auto effort = std::get_if<best_effort>(&what.what))
    best_effort_.push(*effort);
  else
    intake_.admit(std::get<write>(what.what), what.sender);
}

caf::result<database_info> database_state::describe_file() {
  if (auto err = lifecycle_.unavailability(); err != caf::none)
    return err;
  if (lifecycle_.now() != phase::opening)
    return info_;
  auto promise = context_.self->make_response_promise<database_info>();
  router_.deferred().push([this, promise](const caf::error& reason) {
    auto reply = promise;
    if (reason != caf::none)
      reply.deliver(reason);
    else
      reply.deliver(info_);
  });
  return promise;
}

caf::result<void>
database_state::subscribe_to_alerts(const caf::actor& listener) {
  if (alerts_.add(listener)) {
    watch(listener);
    alerts_.send_raised(listener);
  }
  return caf::unit;
}

caf::result<void> database_state::allow_injection(inject_failure& what) {
  if (!context_.opts->allow_failure_injection)
    return make_failure(ec::not_allowed,
                        "set options::allow_failure_injection to inject "
                        "failures");
  return router_.route<void>(&database_children::writer, what);
}

caf::result<close_receipt> database_state::start_closing(const close& what) {
  auto is_closing = lifecycle_.is_closing();
  if (lifecycle_.now() == phase::failed && !children_.supervisor())
    return lifecycle_.reason();
  if (lifecycle_.now() == phase::closed && !is_closing)
    return closing_.receipt();
  if (auto err = problem_of(what); err != caf::none)
    return err;
  auto reason = closed_error();
  auto promise = context_.self->make_response_promise<close_receipt>();
  closing_.add_reply(promise);
  if (lifecycle_.now() == phase::failed)
    return promise;
  auto limit
    = expiry_of(pending_write::clock::now(), what.limit, what.limit.zero());
  if (is_closing) {
    closing_.shorten(what.drain, limit);
    return promise;
  }
  closing_.count_refused(router_.deferred().size());
  router_.deferred().run_all(reason);
  closing_.start(what.drain, limit);
  return promise;
}

} // namespace onewriter
