// Messages between actors of two actor systems of one process.
#pragma once

#include "messages/compat/execution.hpp"

#include <utility>

namespace onewriter::compat {

/// While it exists, an actor that gets a message from `self` runs on threads of
/// its own actor system, not on the one that runs `self`. Needed for each
/// message to an actor of another system.
class crossing {
public:
  explicit crossing(caf::local_actor* self)
    : self_{self},
      context_{self->context()} {
    self_->context(nullptr);
  }

  crossing(const crossing&) = delete;

  crossing& operator=(const crossing&) = delete;

  ~crossing() {
    self_->context(context_);
  }

private:
  caf::local_actor* self_;
  execution_context* context_;
};

/// Sends `what` to `target`, an actor of any system of this process. A reply is
/// not expected, also where the type of `target` has one.
template <class Handle, class T>
void send_across(caf::local_actor* self, const Handle& target, T&& what) {
  auto to = caf::actor_cast<caf::strong_actor_ptr>(target);
  caf::strong_actor_ptr from{self->ctrl()};
#if CAF_MAJOR_VERSION >= 1
  to->enqueue(caf::make_mailbox_element(std::move(from), caf::make_message_id(),
                                        std::forward<T>(what)),
              nullptr);
#else
  to->enqueue(caf::make_mailbox_element(std::move(from), caf::make_message_id(),
                                        {}, std::forward<T>(what)),
              nullptr);
#endif
}

} // namespace onewriter::compat
