#include "messages/compat/waiting_actor.hpp"

#include <caf/logger.hpp>

#include <utility>

namespace onewriter::compat {

waiting_actor::waiting_actor(caf::actor_config& cfg, calling_thread& where)
  : caf::blocking_actor{cfg},
    thread_{where} {
  // nop
}

#if CAF_MAJOR_VERSION >= 1

bool waiting_actor::enqueue(caf::mailbox_element_ptr what,
                            caf::scheduler* from) {
  if (what->mid.is_response())
    has_reply_.store(true, std::memory_order_release);
  return caf::blocking_actor::enqueue(std::move(what), from);
}

#else

void waiting_actor::enqueue(caf::mailbox_element_ptr what,
                            caf::execution_unit* from) {
  if (what->mid.is_response())
    has_reply_.store(true, std::memory_order_release);
  caf::blocking_actor::enqueue(std::move(what), from);
}

#endif

// It has no thread of its own.
void waiting_actor::launch(execution_context* where, bool, bool hide) {
  if (!hide)
    register_at_system();
  context(where);
  initialize();
}

const char* waiting_actor::name() const {
  return "onewriter.client";
}

void waiting_actor::await_data() {
  thread_.run_until(
    [this] { return has_reply_.load(std::memory_order_acquire); });
  caf::blocking_actor::await_data();
}

scoped_waiting_actor::scoped_waiting_actor(caf::actor_system& sys,
                                           calling_thread& where)
  : thread_{where} {
  CAF_SET_LOGGER_SYS(&sys);
  caf::actor_config cfg{&where};
  auto made = sys.spawn_impl<waiting_actor, caf::no_spawn_options>(cfg, where);
  self_ = caf::actor_cast<caf::strong_actor_ptr>(std::move(made));
}

scoped_waiting_actor::~scoped_waiting_actor() {
  operator->()->cleanup(caf::exit_reason::normal, &thread_);
}

waiting_actor* scoped_waiting_actor::operator->() const {
  return static_cast<waiting_actor*>(
    caf::actor_cast<caf::abstract_actor*>(self_));
}

} // namespace onewriter::compat
