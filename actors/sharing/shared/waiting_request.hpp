#pragma once

#include "actors/core/pending_reply.hpp"
#include "actors/database/admission/joined_writes.hpp"
#include "actors/sharing/relay/ask.hpp"
#include "actors/sharing/shared/shared_database.hpp"
#include "messages/compat/crossing.hpp"
#include "messages/compat/requests.hpp"
#include "onewriter/compat/messaging.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace onewriter {

template <class Request, class = void>
struct has_deadline : std::false_type {};

template <class Request>
struct has_deadline<Request,
                    std::void_t<decltype(std::declval<Request&>().deadline)>>
  : std::true_type {};

/// A request to another process, until its reply has come. Belongs to the
/// shared database.
class waiting_request : public std::enable_shared_from_this<waiting_request> {
public:
  using clock = std::chrono::steady_clock;

  /// Called once for each `ask`: without an error after the reply was passed
  /// on, or with one that was not passed on.
  using verdict = std::function<void(const caf::error&)>;

  virtual ~waiting_request() = default;

  /// Whether the sender waits for a reply. If not, a failed write becomes a
  /// dead letter of the owner.
  virtual bool wants_reply() const = 0;

  /// Sends the request to a database of this process, without a reply.
  virtual void tell(const database_actor& target) = 0;

  /// Sends a copy of the request to a database of this process.
  virtual void ask(const database_actor& target, verdict done) = 0;

  /// Moves the request, with the duty to reply, to `to`. Returns false if it is
  /// none that a database takes like this.
  virtual bool hand_over(joined_writes& to, const session_position& position)
    = 0;

  /// Whether it belongs to the first part of a batch.
  virtual bool is_packed_first() const = 0;

  /// Adds a copy of the request to what is sent to the owner. Error:
  /// `ec::not_allowed` for one that cannot leave the process.
  virtual caf::error pack(uint64_t number, request_batch& to) const = 0;

  // Pass the owner's reply on. One of another type is an error of the owner.

  virtual void answer(write_receipt& reply) = 0;

  virtual void answer(caf::message& reply) = 0;

  /// Answers the request with an error.
  virtual void refuse(const caf::error& reason) = 0;

  /// Whether a reply that was lost leaves it unknown what happened.
  virtual bool has_effect() const = 0;

  /// Whether it may have reached an owner.
  bool was_sent = false;
  /// Whether it waits for the next owner, or for one that does not answer.
  bool is_held = true;
  /// The latter: it has been sent, and must not be sent again.
  bool is_in_silence = false;
  /// Since when it has waited for an owner.
  clock::time_point held_since = clock::now();
  /// Which of the owners has refused it first: sending it again to the same one
  /// is no new beginning. 0: none.
  uint64_t refused_by = 0;
  /// When its deadline is over. Later owners get what is left of it.
  clock::time_point expires = clock::time_point::max();
};

/// Returns the deadline of a request, null where it has none.
template <class Request>
std::chrono::nanoseconds* deadline_of(Request& x) {
  if constexpr (std::is_same_v<Request, open_cursor>)
    return &x.what.deadline;
  else if constexpr (has_deadline<Request>::value)
    return &x.deadline;
  else
    return nullptr;
}

/// `Request` changes something that is not the same when it is done twice.
template <class Request>
constexpr bool has_effect_of_its_own
  = std::disjunction_v<std::is_same<Request, write>,
                       std::is_same<Request, call>,
                       std::is_same<Request, replay_dead_letter>,
                       std::is_same<Request, discard_dead_letter>>;

template <class Request>
constexpr bool has_function
  = std::disjunction_v<std::is_same<Request, transaction>,
                       std::is_same<Request, chunked_job>>;

template <class Request>
constexpr bool is_joined_write
  = std::disjunction_v<std::is_same<Request, write>,
                       std::is_same<Request, call>>;

template <class Reply, class Request>
class waiting_request_of final : public waiting_request {
public:
  waiting_request_of(full_shared_actor::pointer self, Request what)
    : self_{self},
      what_{std::move(what)},
      wants_reply_{compat::is_request(self)},
      reply_{self} {
    auto deadline = deadline_of(what_);
    if (deadline != nullptr && *deadline > std::chrono::nanoseconds{0})
      expires = clock::now() + *deadline;
  }

  bool wants_reply() const override {
    return wants_reply_;
  }

  void tell(const database_actor& target) override {
    compat::send_across(self_, target, copy());
  }

  void ask(const database_actor& target, verdict done) override {
    // A reply may come after the request was refused.
    auto me = std::static_pointer_cast<waiting_request_of>(shared_from_this());
    auto failed = [done](caf::error& err) {
      done(err);
    };
    if constexpr (std::is_void_v<Reply>)
      onewriter::ask<void>(
        self_, target, copy(),
        [me, done] {
          me->reply_.deliver(caf::message{}, me->self_);
          done({});
        },
        failed);
    else
      onewriter::ask<Reply>(
        self_, target, copy(),
        [me, done](Reply& x) {
          me->reply_.deliver(std::move(x), me->self_);
          done({});
        },
        failed);
  }

  bool hand_over(joined_writes& to, const session_position& position) override {
    if constexpr (is_joined_write<Request>) {
      auto& added = to.items.emplace_back();
      added.request = copy();
      added.position = position;
      added.reply = std::move(reply_);
      return true;
    }
    return false;
  }

  bool is_packed_first() const override {
    return std::is_same_v<Request, write>;
  }

  caf::error pack(uint64_t number, request_batch& to) const override {
    if constexpr (has_function<Request>)
      return make_failure(ec::not_allowed,
                          "a function cannot be sent to the process that owns "
                          "the database; register it in options::functions "
                          "and use call");
    else if constexpr (std::is_same_v<Request, write>)
      to.writes.push_back({number, copy()});
    else
      to.others.push_back({number, caf::make_message(copy())});
    return {};
  }

  void answer(write_receipt& reply) override {
    if constexpr (std::is_same_v<Reply, write_receipt>)
      reply_.deliver(std::move(reply), self_);
    else
      refuse(unexpected_reply());
  }

  void answer(caf::message& reply) override {
    if constexpr (std::is_void_v<Reply>)
      reply.empty() ? reply_.deliver(std::move(reply), self_)
                    : refuse(unexpected_reply());
    else
      reply.match_elements<Reply>() ? reply_.deliver(std::move(reply), self_)
                                    : refuse(unexpected_reply());
  }

  void refuse(const caf::error& reason) override {
    reply_.deliver(reason, self_);
  }

  bool has_effect() const override {
    return has_effect_of_its_own<Request>;
  }

private:
  // A deadline of zero would be none.
  Request copy() const {
    auto result = what_;
    if (expires != clock::time_point::max())
      *deadline_of(result) = std::max<std::chrono::nanoseconds>(
        expires - clock::now(), std::chrono::nanoseconds{1});
    return result;
  }

  static caf::error unexpected_reply() {
    return make_failure(ec::outcome_unknown,
                        "the owner's reply is of another kind");
  }

  full_shared_actor::pointer self_;
  Request what_;
  bool wants_reply_;
  pending_reply reply_;
};

} // namespace onewriter
