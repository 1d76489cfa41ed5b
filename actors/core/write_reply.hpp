#pragma once

#include "actors/core/pending_reply.hpp"
#include "onewriter/write.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace onewriter {

/// Identifies a write to the one who takes its answer.
struct write_ticket {
  uint64_t number = 0;
  /// What the write has been counted with.
  size_t bytes = 0;
};

/// Takes the answers to the writes of one sender that waits for many at once: a
/// message and a wake-up for each would cost more than the write. Thread-safe.
class write_replies {
public:
  virtual ~write_replies();

  virtual void put(const write_ticket& which, write_receipt&& receipt) = 0;

  virtual void put(const write_ticket& which, const caf::error& reason) = 0;

  /// Returns the address of the sender.
  virtual caf::actor_addr source() const = 0;
};

/// Who gets the answer to a write: the sender of a request, or one that takes
/// many answers; empty for a write without a waiting sender. Like a
/// `pending_reply`, it may be kept on any thread and answers exactly once, in
/// its destructor at the latest.
class write_reply {
public:
  write_reply() = default;

  write_reply(pending_reply to) : to_{std::move(to)} {
    // nop
  }

  write_reply(std::shared_ptr<write_replies> to, write_ticket which)
    : many_{std::move(to)},
      which_{which} {
    // nop
  }

  write_reply(write_reply&& other) noexcept = default;

  write_reply& operator=(write_reply&& other) noexcept {
    std::swap(to_, other.to_);
    std::swap(many_, other.many_);
    std::swap(which_, other.which_);
    std::swap(may_be_done_, other.may_be_done_);
    return *this;
  }

  ~write_reply();

  /// Returns whether a sender waits.
  explicit operator bool() const {
    return many_ != nullptr || static_cast<bool>(to_);
  }

  /// Returns the address of the sender; invalid if none waits.
  caf::actor_addr source() const {
    return many_ ? many_->source() : to_.source();
  }

  /// Sets whether the write may have taken effect.
  void may_be_done(bool x) {
    to_.may_be_done(x);
    may_be_done_ = x;
  }

  /// Answers; does nothing if no sender waits. `where` is as for
  /// `pending_reply::deliver`.
  template <class T>
  void deliver(T&& what, caf::local_actor* where = nullptr) {
    if (!many_)
      return to_.deliver(std::forward<T>(what), where);
    insist([&] { many_->put(which_, std::forward<T>(what)); });
    many_ = nullptr;
  }

private:
  pending_reply to_;
  std::shared_ptr<write_replies> many_;
  write_ticket which_;
  bool may_be_done_ = false;
};

} // namespace onewriter
