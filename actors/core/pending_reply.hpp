#pragma once

#include "actors/support/thrown.hpp"
#include "messages/compat/requests.hpp"
#include "onewriter/protocol.hpp"

#include <utility>

namespace onewriter {

/// Returns the answer to a request that is lost: `ec::outcome_unknown` where it
/// may have taken effect, else `ec::unavailable`.
caf::error last_word(bool may_be_done);

/// The reply that the sender of a request waits for; empty if it was made
/// without a request.
///
/// Unlike CAF's promises it may be kept on any thread, so that a request can
/// move between actors without a message for each hop. The caller gets exactly
/// one answer: if destroyed without one, the object replies `ec::unavailable`,
/// or `ec::outcome_unknown` if the request may have taken effect.
class pending_reply {
public:
  pending_reply() = default;

  /// Takes over the reply to the message that `self` is handling, if its sender
  /// waits for one.
  template <class Self>
  explicit pending_reply(Self* self) : to_{compat::take_request(self)} {
    // nop
  }

  pending_reply(pending_reply&& other) noexcept
    : to_{std::exchange(other.to_, {})},
      may_be_done_{other.may_be_done_} {
    // nop
  }

  pending_reply& operator=(pending_reply&& other) noexcept {
    std::swap(to_, other.to_);
    std::swap(may_be_done_, other.may_be_done_);
    return *this;
  }

  ~pending_reply();

  /// Returns whether a caller waits.
  explicit operator bool() const {
    return to_.source != nullptr;
  }

  /// Returns the address of the caller; invalid if none waits.
  caf::actor_addr source() const {
    return caf::actor_cast<caf::actor_addr>(to_.source);
  }

  /// Sets whether the request may have taken effect.
  void may_be_done(bool x) {
    may_be_done_ = x;
  }

  /// Sends the reply; does nothing if no caller waits. `where` is the actor
  /// that is running, if any: the reply then wakes its receiver on the same
  /// scheduler thread.
  template <class T>
  void deliver(T&& what, caf::local_actor* where = nullptr) {
    if (!to_.source)
      return;
    insist([&] { compat::respond(to_, std::forward<T>(what), where); });
    to_ = {};
  }

private:
  compat::request_origin to_;
  bool may_be_done_ = false;
};

} // namespace onewriter
