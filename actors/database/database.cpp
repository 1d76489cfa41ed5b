#include "onewriter/database.hpp"

#include "actors/database/admission/request_problems.hpp"
#include "actors/database/database_state.hpp"
#include "actors/reader/worker/read_work.hpp"
#include "actors/support/thrown.hpp"
#include "messages/compat/mailbox.hpp"
#include "messages/compat/requests.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <filesystem>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

namespace onewriter {

namespace {

size_t bytes_of(const best_effort& what) {
  return what.bytes();
}

// The program may change its working directory while the database is open.
std::string absolute_path(const std::string& path) {
  // Refused later, with a reason; with a folder in front they would be valid
  // file names.
  auto is_special
    = path.empty() || path.front() == ':' || path.rfind("file:", 0) == 0;
  std::error_code failed;
  auto result = std::filesystem::absolute(path, failed);
  return is_special || failed ? path : result.string();
}

// Returns when a request expires that waits for its target actor.
template <class Request>
pending_write::clock::time_point
expiry_if_any(const Request& what, const options& opts) {
  constexpr auto is_query = std::is_same_v<Request, query>;
  constexpr auto is_search = std::is_same_v<Request, search>;
  auto now = pending_write::clock::now();
  if constexpr (is_query || is_search)
    return expiry_of(now, what.deadline, opts.query_deadline);
  else if constexpr (std::is_same_v<Request, open_cursor>)
    return expiry_of(now, what.what.deadline, opts.query_deadline);
  else if constexpr (std::is_same_v<Request, list_dead_letters>)
    return expiry_of(now, std::chrono::nanoseconds{0}, opts.query_deadline);
  else
    return pending_write::clock::time_point::max();
}

} // namespace

database_state::~database_state() {
  auto reason = stopped_error("the database was stopped");
  run_deferred(reason);
  answer_all(close_replies_, reason);
  if (supervisor_)
    must_stop(supervisor_);
}

full_database_actor::behavior_type
database_state::make_behavior(options opts, flow_gate_ptr gate) {
  if (!opts.log)
    opts.log = [](log_level, std::string_view) {
    };
  self_->set_exception_handler(exception_to_error);
  opts.path = absolute_path(opts.path);
  opts_ = std::make_shared<const options>(std::move(opts));
  shared_ = std::make_shared<metrics>(reader_slots(*opts_), opts_->max_cursors);
  gate_ = std::move(gate);
  best_effort_.emplace(opts_->queue);
  admission_.emplace(opts_, shared_, stash_);
  collector_.emplace(shared_, opts_->path);
  monitor_.emplace(opts_->alerts);
  if (auto problem = first_problem(*opts_); problem.empty())
    start_children();
  else
    fail(make_failure(ec::invalid_argument, problem));
  check();
  return {
    // -- what callers send -------------------------------------------------------
    [this](write& x) { return admit(take_out(x), sender_key()); },
    [this](best_effort& x) { push_best_effort(take_out(x)); },
    [this](call& x) { return admit(take_out(x), sender_key()); },
    [this](transaction& x) { return admit(take_out(x), sender_key()); },
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
    [this](replay_dead_letter& x) {
      return answered([&] { return change_letters(x); });
    },
    [this](discard_dead_letter& x) {
      return answered([&] { return change_letters(removal_of_letter(x.id)); });
    },
    // A caller with the answer knows that the writer gets all earlier requests.
    [this](get_statistics) {
      flush_outgoing();
      return answered(
        [this]() -> caf::result<statistics> { return collect(); });
    },
    [this](subscribe& x) {
      return answered([&]() -> caf::result<void> {
        add_subscriber(x.listener);
        return caf::unit;
      });
    },
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
    [this](describe_database) {
      return answered(self_, [this] { return describe_file(); });
    },
    [this](close& x) {
      return answered(self_, [&] { return start_closing(x); });
    },
    [this](inject_failure& x) {
      return answered([&] { return allow_injection(x); });
    },
    // -- what the database's own actors send -------------------------------------
    [this](pending_write_ptr& x) { return take_over(std::move(x)); },
    [this](returned_requests& x) { take_back(x); },
    [this](writer_ready& x) { writer_is_ready(x); },
    [this](writer_failed& x) { writer_has_failed(x); },
    [this](const writer_closed& x) { writer_has_closed(x); },
    [this](readers_released) { hand_over(); },
    [this](readers_failed) { readers_have_failed(); },
    [this](best_effort_done& x) { best_effort_is_done(x); },
    [this](longest_write_seen& x) { note_longest(x.what); },
    [this](slow_statement_seen& x) { note_slow(x); },
    [this](child_event& x) { child_changed(x); },
    [this](check_alerts) { check(); },
    [this](flush_work) { flush_scheduled_ = false, flush_outgoing(); },
    [this](get_flow_gate) { return gate_; },
    [this](paced_request& x) { take_paced(*x.item); },
  };
}

// -- requests that write --------------------------------------------------------------

// The gate has admitted it.
template <class Request>
Request& database_state::take_out(Request& what) {
  gate_->leave(bytes_of(what));
  return what;
}

template <class Request>
caf::result<write_receipt>
database_state::admit(Request& request, uint64_t sender) {
  // Refusing a flood must be cheap, or the mailbox only grows.
  if (!compat::is_request(self_) && admission_->shed())
    return caf::delegated<write_receipt>{};
  pending_write_ptr what;
  auto err = caught("the request", [&] {
    what = handover_->pool.take();
    fill(*what, request, clock_type::now());
    what->sender = sender;
    return admission_->refusal(*what, unavailability(), requests_per_second_);
  });
  if (err != caf::none) {
    admission_->count_refused();
    return refuse(std::move(err));
  }
  admission_->count_admitted(*what);
  return take_over(std::move(what));
}

caf::result<write_receipt> database_state::take_over(pending_write_ptr what) {
  what->reply = pending_reply{self_};
  forward(std::move(what));
  return caf::delegated<write_receipt>{};
}

void database_state::take_back(returned_requests& what) {
  for (auto& item : what.items)
    forward(std::move(item));
}

// Errors are only for waiting callers, too: other senders would get an
// unexpected message.
caf::result<write_receipt> database_state::refuse(caf::error reason) {
  if (compat::is_request(self_))
    return reason;
  return caf::delegated<write_receipt>{};
}

void database_state::forward(pending_write_ptr what) {
  // The writer may terminate before it reads this.
  if (phase_ == phase::open && closing_
      && closing_->step == closing_step::writer && !drains())
    return what->reply.deliver(insist(closed_error), self_);
  if (phase_ == phase::open) {
    insist([&] { outgoing_.push_back(std::move(what)); });
    return schedule_flush();
  }
  insist([&] { stash_.push(what); });
  // A failing writer may still hand back accepted requests: the stash counts
  // them, and knows which have an uncertain commit.
  if (phase_ == phase::failed)
    stash_.refuse(reason_);
  else if (phase_ == phase::closed)
    close_receipt_.refused += stash_.refuse(insist(closed_error));
}

// Messages in the mailbox come before the message to itself. A long round is
// split, so that the writer does not wait for its end.
void database_state::schedule_flush() {
  constexpr size_t most_items = 64;
  if (outgoing_.size() >= most_items)
    return flush_outgoing();
  if (flush_scheduled_)
    return;
  must_send(self_, database_core_actor{full_database_actor{self_}},
            flush_work{});
  flush_scheduled_ = true;
}

// Also before all other messages to the writer.
void database_state::flush_outgoing() {
  if (outgoing_.empty() || phase_ != phase::open)
    return;
  write_requests what{std::move(outgoing_)};
  outgoing_.clear();
  insist([&] { compat::send_or_keep(self_, writer_, what); });
}

// Its target writer has terminated.
void database_state::stash_outgoing() {
  for (auto& what : std::exchange(outgoing_, {}))
    insist([&] { stash_.push(what); });
}

caf::result<write_receipt>
database_state::change_letters(work_request request) {
  if (auto err = unavailability(); err != caf::none)
    return refuse(std::move(err));
  auto what = std::make_shared<pending_write>();
  what->request = std::move(request);
  what->changes_letters = true;
  what->arrived = clock_type::now();
  return take_over(std::move(what));
}

void database_state::push_best_effort(best_effort& what) {
  if (unavailability() != caf::none)
    return best_effort_->drop();
  best_effort_->push(std::move(what), clock_type::now());
  flush_best_effort();
}

// No caller waits for the answer. It counts as in flight until it is destroyed,
// right after this.
void database_state::take_paced(paced_item& x) {
  if (auto effort = std::get_if<best_effort>(&x.what))
    push_best_effort(*effort);
  else
    admit(std::get<write>(x.what), x.sender);
}

uint64_t database_state::sender_key() const {
  // The address of CAF's control block of an actor is unique while the actor
  // lives.
  return reinterpret_cast<uintptr_t>(self_->current_sender().get());
}

// -- other requests -------------------------------------------------------------------

template <class Reply, class Target, class Request>
caf::result<Reply>
database_state::route(Target database_state::*target, Request& what) {
  return answered(self_, [&] { return try_to_route<Reply>(target, what); });
}

template <class Reply, class Target, class Request>
caf::result<Reply>
database_state::try_to_route(Target database_state::*target, Request& what) {
  if (auto err = unavailability(); err != caf::none)
    return err;
  if (auto err = problem_of(what); err != caf::none)
    return err;
  flush_outgoing();
  if (is_there(this->*target))
    return compat::delegate(self_, this->*target, std::move(what));
  auto promise = compat::make_promise<Reply>(self_);
  auto expires = expiry_if_any(what, *opts_);
  auto run = [=, what = std::move(what)](const caf::error& reason) {
    auto reply = promise;
    if (reason != caf::none)
      reply.deliver(reason);
    else
      reply.delegate(this->*target, what);
  };
  deferred_.push(std::move(run), expires);
  return promise;
}

// Readers do not need the writer, which may be down for a long time on a full
// disk: they see the committed data.
bool database_state::is_there(const reader_pool_actor& readers) const {
  return (phase_ == phase::open || phase_ == phase::restarting) && readers;
}

caf::error database_state::closed_error() {
  return make_failure(ec::closed, "the database was closed; open it again");
}

caf::error database_state::unavailability() const {
  if (phase_ == phase::failed)
    return reason_;
  if (closing_ || phase_ == phase::closed)
    return closed_error();
  return {};
}

// Waits until all actors that it may ask are available.
void database_state::run_deferred(const caf::error& reason) {
  auto complete = phase_ == phase::open && readers_ && indexer_;
  if (reason == caf::none && !complete)
    return;
  deferred_.run_all(reason);
}

caf::result<database_info> database_state::describe_file() {
  if (auto err = unavailability(); err != caf::none)
    return err;
  if (phase_ != phase::opening)
    return info_;
  auto promise = self_->make_response_promise<database_info>();
  deferred_.push([this, promise](const caf::error& reason) {
    auto reply = promise;
    if (reason != caf::none)
      reply.deliver(reason);
    else
      reply.deliver(info_);
  });
  return promise;
}

caf::result<void> database_state::allow_injection(inject_failure& what) {
  if (!opts_->allow_failure_injection)
    return make_failure(ec::not_allowed,
                        "set options::allow_failure_injection to inject "
                        "failures");
  return route<void>(&database_state::writer_, what);
}

// -- spawning --------------------------------------------------------------------------

namespace {

using unscreened_database
  = caf::stateful_actor<database_state, full_database_actor::base>;

/// The actor: keeps messages out of its mailbox that it could not process soon.
class database final : public compat::screened<unscreened_database> {
public:
  using super = compat::screened<unscreened_database>;

  database(caf::actor_config& cfg, options opts)
    : super{cfg},
      gate_{std::make_shared<flow_gate>(opts.queue)},
      opts_{std::move(opts)} {
    // nop
  }

protected:
  behavior_type make_behavior() override {
    return compat::state(this).make_behavior(std::move(opts_), gate_);
  }

  bool lets_in(caf::mailbox_element& what) override {
    auto result = enter(what);
    if (!result && what.mid.is_request())
      compat::bounce(what, flow_gate::refusal());
    return result;
  }

private:
  bool enter(const caf::mailbox_element& what) {
    if (auto x = compat::content_of<write>(what))
      return gate_->enter_write(bytes_of(*x));
    if (auto x = compat::content_of<best_effort>(what))
      return gate_->enter_best_effort(bytes_of(*x));
    if (auto x = compat::content_of<call>(what))
      return gate_->enter_write(bytes_of(*x));
    if (auto x = compat::content_of<transaction>(what))
      return gate_->enter_write(bytes_of(*x));
    return true;
  }

  flow_gate_ptr gate_;
  options opts_;
};

} // namespace

database_actor spawn_database(caf::actor_system& sys, options opts) {
  return sys.spawn<database>(std::move(opts));
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
  // A caller that retries at once finds nothing open.
  close at_once;
  at_once.drain = false;
  compat::request(self, result, caf::infinite, at_once)
    .receive([](const close_receipt&) {}, [](const caf::error&) {});
  caf::anon_send_exit(result, caf::exit_reason::user_shutdown);
  return failure;
}

} // namespace onewriter
