#pragma once

#include "actors/core/pending_reply.hpp"
#include "actors/sharing/relay/ask.hpp"
#include "actors/sharing/shared/shared_database.hpp"
#include "messages/compat/crossing.hpp"
#include "messages/compat/requests.hpp"
#include "onewriter/compat/messaging.hpp"

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

  /// Called once for each `send`: without an error after the reply was passed
  /// on, or with one that was not passed on.
  using verdict = std::function<void(const caf::error&)>;

  virtual ~waiting_request() = default;

  /// Sends a copy of the request to `link`.
  virtual void send(const database_actor& link, verdict done) = 0;

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

  // Without a request, a failed write becomes a dead letter of the owner.
  void send(const database_actor& link, verdict done) override {
    auto copy = what_;
    // A deadline of zero would be none.
    if (expires != clock::time_point::max())
      *deadline_of(copy) = std::max<std::chrono::nanoseconds>(
        expires - clock::now(), std::chrono::nanoseconds{1});
    // A reply may come after the request was refused.
    auto me = std::static_pointer_cast<waiting_request_of>(shared_from_this());
    if (!wants_reply_) {
      compat::send_across(self_, link, std::move(copy));
      return done({});
    }
    auto failed = [done](caf::error& err) {
      done(err);
    };
    if constexpr (std::is_void_v<Reply>)
      ask<void>(
        self_, link, std::move(copy),
        [me, done] {
          me->reply_.deliver(caf::message{});
          done({});
        },
        failed);
    else
      ask<Reply>(
        self_, link, std::move(copy),
        [me, done](Reply& x) {
          me->reply_.deliver(std::move(x));
          done({});
        },
        failed);
  }

  void refuse(const caf::error& reason) override {
    reply_.deliver(reason);
  }

  bool has_effect() const override {
    return has_effect_of_its_own<Request>;
  }

private:
  full_shared_actor::pointer self_;
  Request what_;
  bool wants_reply_;
  pending_reply reply_;
};

} // namespace onewriter
