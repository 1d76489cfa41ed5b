#pragma once

#include "messages/compat/execution.hpp"

namespace onewriter::compat {

/// When an actor gives its worker back, so that all actors that are ready run
/// before its next message. Belongs to the actor.
struct yield_points {
  /// Between being woken by a message and processing it.
  bool when_woken = false;
  /// After each message that sets `now`.
  bool on_demand = false;
  bool now = false;
};

/// An actor that has yield points.
class has_yield_points {
public:
  yield_points& yields() {
    return points_;
  }

protected:
  yield_points points_;

  ~has_yield_points() = default;
};

/// Returns the yield points of `self`, which is `yielding`. To be called once:
/// it searches the bases of an object.
template <class Self>
yield_points& yields_of(Self* self) {
  return dynamic_cast<has_yield_points&>(*self).yields();
}

/// A scheduled actor that gives its worker back at its yield points.
///
/// CAF's default scheduler, work stealing, runs the actor that was made
/// runnable last first. An actor that collects requests would be run after
/// each sender, and find one request at a time.
template <class Base>
class yielding : public Base, public has_yield_points {
public:
  using Base::Base;

  caf::resumable::resume_result resume(execution_context* where,
                                       size_t most_messages) override {
    using caf::resumable;
    if (points_.when_woken && !was_last_in_queue_) {
      was_last_in_queue_ = true;
      return resumable::resume_later;
    }
    was_last_in_queue_ = false;
    points_.now = false;
    // Once it waits for messages, another thread may run it.
    for (size_t count = 0; count < most_messages;) {
      auto step = points_.on_demand ? 1 : most_messages - count;
      auto result = Base::resume(where, step);
      if (result != resumable::resume_later)
        return result;
      count += step;
      if (points_.now)
        break;
    }
    was_last_in_queue_ = true;
    return resumable::resume_later;
  }

private:
  bool was_last_in_queue_ = false;
};

} // namespace onewriter::compat
