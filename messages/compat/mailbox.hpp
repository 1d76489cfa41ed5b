#pragma once

#include "messages/compat/requests.hpp"

// What differs between CAF 0.17 and 1.x where an actor looks at messages before
// they are in its mailbox.

namespace onewriter::compat {

/// Returns what `what` consists of where that is one `T`, else null.
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

/// Sends the reply `x` to a request that did not come into the mailbox.
template <class T>
void bounce(caf::mailbox_element& what, T&& x) {
  if (auto to = origin_of(what); to.source)
    respond(std::move(to), std::forward<T>(x), nullptr);
}

/// An actor that looks at each message before it comes into the mailbox, and
/// may keep it out.
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
  /// Called on the sender's thread, by several at once.
  virtual bool lets_in(caf::mailbox_element& what) = 0;
};

} // namespace onewriter::compat
