#pragma once

#include "messages/compat/calling_thread.hpp"

#include <atomic>

namespace onewriter::compat {

/// The actor of a thread that waits for replies, one at a time.
class waiting_actor final : public caf::blocking_actor {
public:
  waiting_actor(caf::actor_config& cfg, calling_thread& where);

  /// To be called before a request is sent.
  void expect_reply() {
    has_reply_.store(false, std::memory_order_relaxed);
  }

  // -- for CAF ---------------------------------------------------------------

#if CAF_MAJOR_VERSION >= 1
  bool enqueue(caf::mailbox_element_ptr what, caf::scheduler* from) override;
#else
  using caf::blocking_actor::enqueue;

  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* from) override;
#endif

  void launch(execution_context* where, bool lazy, bool hide) override;

  const char* name() const override;

  /// Runs actors until a reply has come, and blocks only when none is left.
  void await_data() override;

  using caf::blocking_actor::await_data;

private:
  calling_thread& thread_;
  // Also set by a late reply to an earlier request: then the scheduler runs the
  // rest.
  std::atomic<bool> has_reply_{false};
};

/// Ends the actor of a thread with the thread's use of it.
class scoped_waiting_actor {
public:
  scoped_waiting_actor(caf::actor_system& sys, calling_thread& where);

  scoped_waiting_actor(const scoped_waiting_actor&) = delete;

  scoped_waiting_actor& operator=(const scoped_waiting_actor&) = delete;

  ~scoped_waiting_actor();

  waiting_actor* operator->() const;

private:
  calling_thread& thread_;
  caf::strong_actor_ptr self_;
};

} // namespace onewriter::compat
