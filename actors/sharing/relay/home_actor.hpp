#pragma once

#include "messages/compat/network_thread.hpp"
#include "onewriter/compat/messaging.hpp"

#include <functional>
#include <tuple>
#include <utility>

namespace onewriter {

/// An actor on the thread of the network, which gets messages from actors of
/// other systems. Its behavior comes
/// from `State::make_behavior` with the arguments of `spawn`.
template <class Base, class State>
class home_actor final
  : public compat::on_network_thread<caf::stateful_actor<State, Base>> {
public:
  using super = compat::on_network_thread<caf::stateful_actor<State, Base>>;

  using typename super::behavior_type;

  template <class... Ts>
  explicit home_actor(caf::actor_config& cfg, Ts&&... xs)
    : super{cfg},
      start_{[this, args = std::make_tuple(std::forward<Ts>(xs)...)]() mutable {
        auto make = [this](auto&... ys) {
          return compat::state(this).make_behavior(std::move(ys)...);
        };
        return std::apply(make, args);
      }} {
    // nop
  }

protected:
  behavior_type make_behavior() override {
    return std::exchange(start_, nullptr)();
  }

private:
  std::function<behavior_type()> start_;
};

} // namespace onewriter
