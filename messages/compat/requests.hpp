// Requests that are answered without CAF, for CAF 0.17 and 1.x.
#pragma once

#include <caf/all.hpp>

#include <utility>
#include <vector>

namespace onewriter::compat {

/// Returns whether the sender of the current message of `self` waits for a
/// reply.
template <class Self>
bool is_request(Self* self) {
  auto element = self->current_mailbox_element();
  return element != nullptr && element->mid.is_request();
}

/// The actor that waits for a reply to a request, and CAF's ID of the request.
struct request_origin {
  caf::strong_actor_ptr source;
  caf::message_id id;
#if CAF_MAJOR_VERSION < 1
  /// Actors that the reply has to pass on its way, for composed actors.
  std::vector<caf::strong_actor_ptr> stages;
#endif
};

/// Takes over from CAF the duty to reply to the current message of `self`;
/// empty if no caller waits. The handler has to return `caf::delegated`.
template <class Self>
request_origin take_request(Self* self) {
  request_origin result;
  auto element = self->current_mailbox_element();
  if (element == nullptr || !element->mid.is_request()
      || element->mid.is_answered())
    return result;
  result.source = std::move(element->sender);
  result.id = element->mid;
#if CAF_MAJOR_VERSION < 1
  result.stages = std::move(element->stages);
#endif
  element->mid.mark_as_answered();
  return result;
}

/// Returns the actor that waits for a reply to `what`, without taking over the
/// duty to reply; empty if the sender does not wait.
inline request_origin origin_of(const caf::mailbox_element& what) {
  request_origin result;
  if (!what.mid.is_request())
    return result;
  result.source = what.sender;
  result.id = what.mid;
#if CAF_MAJOR_VERSION < 1
  result.stages = what.stages;
#endif
  return result;
}

/// The same for the current message of `self`.
template <class Self>
request_origin origin_of(Self* self) {
  auto element = self->current_mailbox_element();
  return element == nullptr ? request_origin{} : origin_of(*element);
}

/// Sends the reply `x` from any thread. `where` is the actor that runs on this
/// thread, or null. The reply has no sender: receivers do not use it, and
/// counting the references to a busy actor slows down other processors.
template <class T>
void respond(request_origin to, T&& x, caf::local_actor* where) {
  auto context = where != nullptr ? where->context() : nullptr;
#if CAF_MAJOR_VERSION >= 1
  to.source->enqueue(
    caf::make_mailbox_element(nullptr, to.id.response_id(), std::forward<T>(x)),
    context);
#else
  if (to.stages.empty()) {
    to.source->enqueue(caf::make_mailbox_element(nullptr, to.id.response_id(),
                                                 {}, std::forward<T>(x)),
                       context);
    return;
  }
  auto next = std::move(to.stages.back());
  to.stages.pop_back();
  next->enqueue(caf::make_mailbox_element(std::move(to.source), to.id,
                                          std::move(to.stages),
                                          std::forward<T>(x)),
                context);
#endif
}

} // namespace onewriter::compat
