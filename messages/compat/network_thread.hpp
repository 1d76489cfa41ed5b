// Actors on the thread of CAF's middleman, for CAF 0.17 and 1.x.
#pragma once

#include "messages/compat/execution.hpp"

#include <caf/io/middleman.hpp>

namespace onewriter::compat {

/// An actor that runs on the thread of its system's middleman, for messages of
/// any sender: what comes from other processes, and what goes there, then costs
/// no wake-up of another thread. It must not block or take long.
///
/// By default, CAF runs the receiver of a message where its sender runs. Where
/// the sender is of another system, that would keep the receiver's system from
/// ending: a thread that spawns an actor keeps a reference to the logger of the
/// actor's system.
template <class Base>
class on_network_thread : public Base {
public:
  using Base::Base;

  /// CAF runs only actors that do input and output there.
  caf::resumable::subtype_t subtype() const noexcept override {
    return caf::resumable::io_actor;
  }

#if CAF_MAJOR_VERSION >= 1
  bool enqueue(caf::mailbox_element_ptr what, caf::scheduler*) override {
    return Base::enqueue(std::move(what), network_thread());
  }

  void on_exit() override {
    // Those that watch it are told next.
    this->context(nullptr);
    Base::on_exit();
  }
#else
  using Base::enqueue;

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override {
    Base::enqueue(std::move(what), network_thread());
  }

  // Tells those that watch it.
  bool cleanup(caf::error&& reason, caf::execution_unit*) override {
    return Base::cleanup(std::move(reason), nullptr);
  }
#endif

private:
  execution_context* network_thread() {
    return &this->home_system().middleman().backend();
  }
};

} // namespace onewriter::compat
