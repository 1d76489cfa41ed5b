#include "actors/sharing/shared/shared_database.hpp"

#include "actors/database/admission/database_gate.hpp"
#include "actors/database/lifecycle/lifecycle.hpp"
#include "actors/sharing/owner_finder.hpp"
#include "actors/sharing/owner_record.hpp"
#include "actors/sharing/shared/shared_database_state.hpp"
#include "actors/support/caller_run_actor.hpp"
#include "actors/support/thrown.hpp"
#include "messages/compat/crossing.hpp"

namespace onewriter {

namespace {

/// How soon a request is sent again that a living owner has not answered.
constexpr auto check_interval = std::chrono::milliseconds{50};

// The owner has ended, or is about to.
bool is_end_of_owner(const caf::error& err) {
  auto code = code_of(err);
  return code == ec::unavailable || code == ec::closed;
}

// A request that was sent may have been carried out.
caf::error as_last_word(const waiting_request& what, const caf::error& reason) {
  if (what.was_sent && what.has_effect())
    return make_failure(ec::outcome_unknown,
                        "no reply has come: " + describe(reason));
  return reason;
}

caf::error expired_error() {
  return make_failure(ec::deadline_exceeded,
                      "the deadline has passed while there was no owner");
}

caf::error no_owner(const caf::error& reason) {
  // Names the process that is in the way.
  if (reason == ec::busy)
    return reason;
  auto text = std::string{"no owner of the database can be reached"};
  if (reason != caf::none)
    text += ": " + describe(reason);
  return make_failure(ec::unavailable, text);
}

} // namespace

shared_database_state::shared_database_state(full_shared_actor::pointer self)
  : self_{self} {
  // nop
}

full_shared_actor::behavior_type
shared_database_state::make_behavior(options opts, const finder_factory& find) {
  max_waiting_ = opts.queue.max_items;
  patience_ = opts.lock_patience;
  auto drawn = make_session_name();
  if (drawn) {
    session_ = std::make_shared<const session_name>(*drawn);
    finder_
      = find(self_->home_system(), std::move(opts), full_shared_actor{self_});
  } else {
    left(std::move(drawn.error()));
  }
  check_later();
  return {
    // -- what callers send -----------------------------------------------------
    [this](write& x) { return take<write_receipt>(x); },
    [this](best_effort& x) { return take<void>(x); },
    [this](call& x) { return take<write_receipt>(x); },
    [this](transaction& x) { return take<write_receipt>(x); },
    [this](query& x) { return take<result_set>(x); },
    [this](open_cursor& x) { return take<cursor_actor>(x); },
    [this](chunked_index& x) { return take<index_receipt>(x); },
    [this](chunked_job& x) { return take<job_receipt>(x); },
    [this](cancel_index& x) { return take<void>(x); },
    [this](remove_document& x) { return take<job_receipt>(x); },
    [this](search& x) { return take<search_hits>(x); },
    [this](list_dead_letters& x) { return take<dead_letters>(x); },
    [this](replay_dead_letter& x) { return take<write_receipt>(x); },
    [this](discard_dead_letter& x) { return take<write_receipt>(x); },
    [this](get_statistics& x) { return take<statistics>(x); },
    [this](subscribe& x) { return take<void>(x); },
    [this](unsubscribe& x) { return take<void>(x); },
    [this](checkpoint& x) { return take<checkpoint_receipt>(x); },
    [this](backup& x) { return take<backup_receipt>(x); },
    [this](integrity_check& x) { return take<integrity_report>(x); },
    [this](describe_database& x) { return take<database_info>(x); },
    [this](close& x) { return start_closing(x); },
    [this](inject_failure& x) { return take<void>(x); },
    // -- what the owner finder sends -------------------------------------------
    [this](owned_here& x) { found_here(x); },
    [this](owned_elsewhere& x) { found_elsewhere(x); },
    [this](owner_lost& x) { lost(x); },
    [this](owner_silent) { fell_silent(); },
    [this](owner_heard) { answers_again(); },
    [this](owner_search_failed& x) { search_failed(x); },
    [this](check_held) { check(); },
    // -- what the link sends ---------------------------------------------------
    [this](reply_batch& x) { unpack(x); },
    [this](flush_batch) { flush(); },
    // -- what a gate to this database sends -------------------------------------
    [this](process_turned_away& x) { count_turned_away(x); },
  };
}

// -- requests -------------------------------------------------------------------

template <class Reply, class Request>
caf::result<Reply> shared_database_state::take(Request& what) {
  return answered(self_, [&]() -> caf::result<Reply> {
    if (where_ == place::here)
      return compat::delegate(self_, target_, std::move(what));
    if (where_ == place::none)
      return refuse<Reply>(reason_);
    if (is_leaving_)
      return refuse<Reply>(closed_error());
    if (waiting_.size() >= max_waiting_)
      return refuse<Reply>(make_failure(
        ec::overloaded, "this process waits for too many replies already"));
    return keep<Reply>(what);
  });
}

template <class Reply, class Request>
caf::result<Reply> shared_database_state::keep(Request& what) {
  auto number = ++last_number_;
  waiting_.emplace(number, std::make_shared<waiting_request_of<Reply, Request>>(
                             self_, std::move(what)));
  if (where_ == place::elsewhere && !is_owner_closing_)
    send(number);
  else
    check_later();
  if (auto kept = waiting_.find(number); is_silent_ && kept != waiting_.end())
    hold_in_silence(*kept->second);
  return caf::delegated<Reply>{};
}

// Senders that do not wait would get an unexpected message.
template <class Reply>
caf::result<Reply> shared_database_state::refuse(caf::error reason) {
  if (compat::is_request(self_))
    return reason;
  return caf::delegated<Reply>{};
}

void shared_database_state::send(uint64_t number) {
  auto& what = *waiting_.at(number);
  what.was_sent = true;
  what.is_held = false;
  what.is_in_silence = false;
  if (where_ == place::here)
    send_here(number);
  else
    send_elsewhere(number);
}

// It may have reached an earlier owner: the database has to know its number.
void shared_database_state::send_here(uint64_t number) {
  auto what = waiting_.at(number);
  if (!what->wants_reply()) {
    waiting_.erase(number);
    return what->tell(target_);
  }
  if (hand_over(*what, number))
    waiting_.erase(number);
  else
    what->ask(target_, [this, number, link = link_](const caf::error& err) {
      finished(number, link, err);
    });
}

bool shared_database_state::hand_over(waiting_request& what, uint64_t number) {
  if (!gate_)
    return false;
  auto writes = std::make_shared<joined_writes>(gate_);
  writes->sender = reinterpret_cast<uintptr_t>(self_->ctrl());
  if (!what.hand_over(*writes, {session_, number, 0}))
    return false;
  gate_->enter_anyway(writes->items.size(), writes->bytes);
  must_send(self_, caf::actor_cast<database_gate_actor>(target_), writes);
  return true;
}

void shared_database_state::send_elsewhere(uint64_t number) {
  auto found = waiting_.find(number);
  auto& what = *found->second;
  if (what.is_packed_first() && !outgoing_.others.empty())
    flush();
  auto err = what.pack(what.wants_reply() ? number : 0, outgoing_);
  if (err != caf::none)
    return finished(number, link_, err);
  if (!what.wants_reply())
    waiting_.erase(found);
  if (!std::exchange(is_flush_due_, true))
    must_send(self_, full_shared_actor{self_}, flush_batch{});
}

// Comes round behind all that has arrived since.
void shared_database_state::flush() {
  is_flush_due_ = false;
  if (where_ != place::elsewhere || is_empty(outgoing_))
    return;
  auto bytes = reinterpret_cast<const char*>(session_->data());
  outgoing_.session.assign(bytes, session_->size());
  outgoing_.settled
    = waiting_.empty() ? last_number_ + 1 : waiting_.begin()->first;
  compat::send_across(self_, link_to_owner_, std::exchange(outgoing_, {}));
}

void shared_database_state::unpack(reply_batch& what) {
  if (self_->current_sender()
      != caf::actor_cast<caf::strong_actor_ptr>(link_to_owner_))
    return;
  auto pass = [this](uint64_t number, auto& reply) {
    auto found = waiting_.find(number);
    if (found == waiting_.end())
      return;
    found->second->answer(reply);
    finished(number, link_, {});
  };
  for (auto& x : what.receipts)
    pass(x.number, x.what);
  for (auto& x : what.others)
    if (x.content.match_elements<caf::error>())
      finished(x.number, link_, x.content.get_as<caf::error>(0));
    else
      pass(x.number, x.content);
}

void shared_database_state::finished(uint64_t number, uint64_t link,
                                     const caf::error& err) {
  auto found = waiting_.find(number);
  if (found == waiting_.end())
    return;
  auto& what = *found->second;
  // The database of this process is the last word: no other owner follows.
  if (!is_end_of_owner(err) || (link == link_ && where_ == place::here)) {
    if (err != caf::none)
      what.refuse(err);
    waiting_.erase(found);
  } else if (link == link_ && (!what.is_held || what.is_in_silence)) {
    what.is_held = true;
    what.is_in_silence = false;
    if (std::exchange(what.refused_by, link) != link)
      what.held_since = waiting_request::clock::now();
    if (where_ == place::elsewhere) {
      reason_ = err;
      is_owner_closing_ |= code_of(err) == ec::closed;
    }
    check_later();
  }
  if (is_leaving_ && waiting_.empty())
    leave();
}

void shared_database_state::refuse_all(const caf::error& reason) {
  for (auto& [number, what] : std::exchange(waiting_, {}))
    what->refuse(as_last_word(*what, reason));
}

void shared_database_state::check() {
  is_check_due_ = false;
  auto now = waiting_request::clock::now();
  if (is_leaving_ && !waiting_.empty()) {
    if (now - leaving_since_ > leaving_limit_)
      return leave();
    check_later();
  }
  std::vector<uint64_t> held;
  for (auto& [number, what] : waiting_)
    if (what->is_held)
      held.push_back(number);
  for (auto number : held) {
    auto& what = *waiting_.at(number);
    if (what.expires <= now) {
      what.refuse(as_last_word(what, expired_error()));
      waiting_.erase(number);
    } else if (now - what.held_since > patience_ && has_been_sought()) {
      what.refuse(as_last_word(what, no_owner(reason_)));
      waiting_.erase(number);
    } else if (where_ == place::elsewhere && !what.is_in_silence
               && !is_owner_closing_) {
      send(number);
    }
  }
  if (!held.empty())
    check_later();
}

// The first attempt may have to wait for another program's lock, or to recover
// a long log. It ends, and then its reason is known.
bool shared_database_state::has_been_sought() const {
  return where_ != place::unknown || reason_ != caf::none;
}

void shared_database_state::check_later() {
  if (std::exchange(is_check_due_, true))
    return;
  must_send_later(self_, full_shared_actor{self_}, check_interval,
                  check_held{});
}

// -- the owner ------------------------------------------------------------------

void shared_database_state::found_here(owned_here& what) {
  is_own_open_ = true;
  target_ = std::move(what.database);
  gate_ = std::move(what.gate);
  found(place::here);
}

void shared_database_state::found_elsewhere(owned_elsewhere& what) {
  link_to_owner_ = std::move(what.link);
  found(place::elsewhere);
}

void shared_database_state::found(place where) {
  where_ = where;
  is_silent_ = false;
  is_owner_closing_ = false;
  ++link_;
  std::vector<uint64_t> numbers;
  for (auto& [number, what] : waiting_)
    numbers.push_back(number);
  for (auto number : numbers)
    send(number);
}

void shared_database_state::lost(owner_lost& what) {
  where_ = place::unknown;
  link_to_owner_ = nullptr;
  outgoing_ = {};
  reason_ = std::move(what.reason);
  is_silent_ = false;
  is_owner_closing_ = false;
  auto now = waiting_request::clock::now();
  for (auto& [number, waits] : waiting_) {
    waits->is_in_silence = false;
    if (!std::exchange(waits->is_held, true))
      waits->held_since = now;
  }
  check_later();
}

// What was sent is not sent again: the owner has it, and may go on.
void shared_database_state::fell_silent() {
  is_silent_ = true;
  reason_ = make_failure(ec::unavailable, "the process that owns the database "
                                          "does not answer");
  for (auto& [number, waits] : waiting_)
    hold_in_silence(*waits);
}

void shared_database_state::answers_again() {
  is_silent_ = false;
  for (auto& [number, waits] : waiting_)
    if (std::exchange(waits->is_in_silence, false))
      waits->is_held = false;
}

void shared_database_state::hold_in_silence(waiting_request& what) {
  if (std::exchange(what.is_held, true))
    return;
  what.is_in_silence = true;
  what.held_since = waiting_request::clock::now();
  check_later();
}

void shared_database_state::search_failed(owner_search_failed& what) {
  left(std::move(what.reason));
}

// The owner counts it, if it is here.
void shared_database_state::count_turned_away(process_turned_away& what) {
  if (where_ == place::here)
    compat::anon_send(caf::actor_cast<caf::actor>(target_), std::move(what));
}

// -- the end --------------------------------------------------------------------

caf::result<close_receipt> shared_database_state::start_closing(close& what) {
  if (where_ == place::none && reason_ != ec::closed)
    return reason_;
  if (where_ == place::none)
    return receipt_;
  closers_.emplace_back(self_);
  if (std::exchange(is_leaving_, true)) {
    // An impatient one shortens the first.
    if (where_ == place::here)
      compat::anon_send(target_, what);
    return caf::delegated<close_receipt>{};
  }
  leaving_since_ = waiting_request::clock::now();
  leaving_limit_ = what.limit;
  check_later();
  if (where_ == place::here)
    close_own(what);
  else if (!what.drain || waiting_.empty() || where_ == place::unknown)
    leave();
  return caf::delegated<close_receipt>{};
}

void shared_database_state::close_own(const close& what) {
  auto closed = [this] {
    is_own_open_ = false;
    leave();
  };
  auto failed = [this, closed](caf::error& err) {
    close_problem_ = std::move(err);
    closed();
  };
  ask<close_receipt>(
    self_, target_, what,
    [this, closed](close_receipt& x) {
      receipt_ = std::move(x);
      closed();
    },
    failed);
}

void shared_database_state::leave() {
  receipt_.refused += waiting_.size();
  receipt_.drained |= waiting_.empty();
  refuse_all(closed_error());
  if (has_search_ended_)
    return left(closed_error());
  auto ended = [this] {
    has_search_ended_ = true;
    search_has_ended();
  };
  ask<void>(self_, finder_, stop_sharing{}, ended,
            [ended](caf::error&) { ended(); });
}

// It may have opened the file since it was told to end.
void shared_database_state::search_has_ended() {
  if (!is_own_open_)
    return left(closed_error());
  close at_once;
  at_once.drain = false;
  close_own(at_once);
}

void shared_database_state::left(caf::error reason) {
  where_ = place::none;
  target_ = nullptr;
  link_to_owner_ = nullptr;
  finder_ = nullptr;
  reason_ = std::move(reason);
  refuse_all(reason_);
  if (close_problem_ != caf::none && reason_ == ec::closed)
    reason_ = close_problem_;
  for (auto& reply : std::exchange(closers_, {}))
    if (reason_ == ec::closed)
      reply.deliver(receipt_, self_);
    else
      reply.deliver(reason_, self_);
}

database_actor spawn_shared_database(caf::actor_system& sys, options opts) {
  return spawn_shared_database(sys, std::move(opts), spawn_owner_finder);
}

database_actor spawn_shared_database(caf::actor_system& sys, options opts,
                                     finder_factory find) {
  using actor
    = caller_run_actor<full_shared_actor, shared_database_state, false>;
  return sys.spawn<actor, caf::hidden>(std::move(opts), std::move(find));
}

} // namespace onewriter
