#pragma once

#include "messages/compat/calling_thread.hpp"
#include "messages/compat/yielding.hpp"
#include "onewriter/compat/messaging.hpp"

#include <functional>
#include <tuple>
#include <utility>

namespace onewriter {

/// An actor with yield points that the thread of a waiting caller may run. Its
/// behavior comes from `State::make_behavior` with the arguments of `spawn`.
/// `MayTakeLong` says whether one of its messages may take long, or wait for
/// other actors.
template <class Handle, class State, bool MayTakeLong>
class caller_run_actor final
  : public compat::yielding<caf::stateful_actor<State, typename Handle::base>>,
    public compat::caller_run {
public:
  using super
    = compat::yielding<caf::stateful_actor<State, typename Handle::base>>;

  using typename super::behavior_type;

  template <class... Ts>
  explicit caller_run_actor(caf::actor_config& cfg, Ts&&... xs)
    : super{cfg},
      start_{[this, args = std::make_tuple(std::forward<Ts>(xs)...)]() mutable {
        auto make = [this](auto&... ys) {
          return compat::state(this).make_behavior(std::move(ys)...);
        };
        return std::apply(make, args);
      }} {
    // nop
  }

  bool may_take_long() const noexcept override {
    return MayTakeLong;
  }

protected:
  behavior_type make_behavior() override {
    return std::exchange(start_, nullptr)();
  }

private:
  std::function<behavior_type()> start_;
};

} // namespace onewriter
