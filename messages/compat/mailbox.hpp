#pragma once

#include "messages/compat/requests.hpp"

// Differences between CAF 0.17 and 1.x for an actor that inspects messages
// before they are in its mailbox.

namespace onewriter::compat {

/// Returns the content of `what` if it is one `T`, else null.
template <class T>
const T* content_of(const caf::mailbox_element& what) {
#if CAF_MAJOR_VERSION >= 1
  auto& content = what.payload;
#else
  auto& content = what.content();
#endif
  return content.template match_elements<T>() ? &content.template get_as<T>(0)
                                              : nullptr;
}

/// Sends the reply `x` to a request that was kept out of the mailbox.
template <class T>
void bounce(caf::mailbox_element& what, T&& x) {
  if (auto to = origin_of(what); to.source)
    respond(std::move(to), std::forward<T>(x), nullptr);
}

/// An actor that inspects each message before it enters the mailbox, and may
/// keep it out.
template <class Base>
class screened : public Base {
public:
  using Base::Base;

#if CAF_MAJOR_VERSION >= 1
  // False means that the actor has ended.
  bool enqueue(caf::mailbox_element_ptr what, caf::scheduler* where) override {
    return !lets_in(*what) || Base::enqueue(std::move(what), where);
  }
#else
  using Base::enqueue;

  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* where) override {
    if (lets_in(*what))
      Base::enqueue(std::move(what), where);
  }
#endif

protected:
  /// Called on the sender's thread, possibly by several threads at once.
  virtual bool lets_in(caf::mailbox_element& what) = 0;
};

} // namespace onewriter::compat
