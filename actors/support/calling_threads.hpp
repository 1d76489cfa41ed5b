#pragma once

#include "messages/compat/calling_thread.hpp"

#include <memory>

namespace onewriter {

/// What runs actors on the threads that wait for replies: one for each client
/// of an actor system, used again by later clients. None is destroyed before
/// the process ends, because actors keep a pointer to what has run them, and
/// nothing outside of CAF lives longer than the last actor of a system.
class calling_threads {
public:
  struct give_back {
    void operator()(compat::calling_thread* what) const noexcept;
  };

  using pointer = std::unique_ptr<compat::calling_thread, give_back>;

  /// Returns one that no other client uses. Any thread.
  static pointer take(caf::actor_system& sys);
};

} // namespace onewriter
