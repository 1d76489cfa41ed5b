// Sending, asking and answering, for CAF 0.17 and 1.x.
#pragma once

#include <caf/all.hpp>

#include <type_traits>
#include <utility>

#if CAF_MAJOR_VERSION >= 1
#  include <caf/anon_mail.hpp>
#endif

namespace onewriter::compat {

/// Returns the state of the stateful actor `self`.
template <class Self>
auto& state(Self* self) {
#if CAF_MAJOR_VERSION >= 1
  return self->state();
#else
  return self->state;
#endif
}

/// Sends `xs...` to `dst`. `Self` is an actor pointer or a scoped_actor.
template <class Self, class Handle, class... Ts>
void send(Self& self, const Handle& dst, Ts&&... xs) {
#if CAF_MAJOR_VERSION >= 1
  self->mail(std::forward<Ts>(xs)...).send(dst);
#else
  self->send(dst, std::forward<Ts>(xs)...);
#endif
}

/// Sends `x` to `dst`. Throws only if memory runs out; `x` is unchanged then.
template <class Self, class Handle, class T>
void send_or_keep(Self& self, const Handle& dst, T& x) {
#if CAF_MAJOR_VERSION >= 1
  auto content = caf::make_message(std::move(x));
  try {
    auto element = caf::make_mailbox_element(
      caf::strong_actor_ptr{self->ctrl()}, caf::make_message_id(), content);
    caf::actor_cast<caf::abstract_actor*>(dst)->enqueue(std::move(element),
                                                        self->context());
  } catch (const std::bad_alloc&) {
    x = std::move(content.template get_mutable_as<T>(0));
    throw;
  }
#else
  // Allocates before it moves `x`.
  self->send(dst, std::move(x));
#endif
}

/// Sends `xs...` to `dst` once `delay` has passed.
template <class Self, class Handle, class Delay, class... Ts>
void delayed_send(Self& self, const Handle& dst, Delay delay, Ts&&... xs) {
#if CAF_MAJOR_VERSION >= 1
  self->mail(std::forward<Ts>(xs)...).delay(delay).send(dst);
#else
  self->delayed_send(dst, delay, std::forward<Ts>(xs)...);
#endif
}

/// Sends `xs...` to `dst` without a sender, from any thread.
template <class Handle, class... Ts>
void anon_send(const Handle& dst, Ts&&... xs) {
#if CAF_MAJOR_VERSION >= 1
  caf::anon_mail(std::forward<Ts>(xs)...).send(dst);
#else
  caf::anon_send(dst, std::forward<Ts>(xs)...);
#endif
}

/// Returns a response handle: `.then(f, g)` in actors, `.receive(f, g)` in
/// scoped actors.
template <class Self, class Handle, class Timeout, class... Ts>
auto request(Self& self, const Handle& dst, Timeout timeout, Ts&&... xs) {
#if CAF_MAJOR_VERSION >= 1
  return self->mail(std::forward<Ts>(xs)...).request(dst, timeout);
#else
  return self->request(dst, timeout, std::forward<Ts>(xs)...);
#endif
}

/// Hands the current request over to `dst`, which then owns the reply.
template <class Self, class Handle, class... Ts>
auto delegate(Self& self, const Handle& dst, Ts&&... xs) {
#if CAF_MAJOR_VERSION >= 1
  return self->mail(std::forward<Ts>(xs)...).delegate(dst);
#else
  return self->delegate(dst, std::forward<Ts>(xs)...);
#endif
}

/// Returns a promise for the reply to the current message of `self`, which may
/// be `void`.
template <class Reply, class Self>
auto make_promise(Self* self) {
#if CAF_MAJOR_VERSION >= 1
  return self->template make_response_promise<Reply>();
#else
  using type = std::conditional_t<std::is_void_v<Reply>, caf::unit_t, Reply>;
  return self->template make_response_promise<type>();
#endif
}

/// Returns the actor that waits for `promise`, or nothing.
template <class... Ts>
caf::strong_actor_ptr source_of(caf::typed_response_promise<Ts...>& promise) {
#if CAF_MAJOR_VERSION >= 1
  return promise.source();
#else
  return static_cast<caf::response_promise&>(promise).source();
#endif
}

/// Calls `on_down(address, reason)` on `self` when `whom` terminates. An actor
/// must pass the same function to all of its calls: 0.17 keeps only the last.
template <class Self, class Handle, class F>
void watch(Self* self, const Handle& whom, F on_down) {
#if CAF_MAJOR_VERSION >= 1
  self->monitor(whom, [on_down, addr = whom.address()](
                        const caf::error& reason) { on_down(addr, reason); });
#else
  self->set_down_handler([on_down](const caf::down_msg& msg) { //
    on_down(msg.source, msg.reason);
  });
  self->monitor(whom);
#endif
}

/// Calls `f(msg)` on `self` for every `caf::exit_msg` except for those with
/// `caf::exit_reason::kill`, which end an actor in any case.
template <class Self, class F>
void on_exit_message(Self* self, F f) {
#if CAF_MAJOR_VERSION >= 1
  // Deprecated in favor of a handler in the behavior, which 0.17 never calls.
#  if defined(__GNUC__)
#    pragma GCC diagnostic push
#    pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#  endif
#endif
  self->set_exit_handler([f](caf::exit_msg& msg) { f(msg); });
#if CAF_MAJOR_VERSION >= 1 && defined(__GNUC__)
#  pragma GCC diagnostic pop
#endif
}

/// Delivers a reply without content.
inline void acknowledge(caf::typed_response_promise<void>& promise) {
#if CAF_MAJOR_VERSION >= 1
  promise.deliver();
#else
  // Would send an empty message to a sender that did not ask for a reply.
  caf::response_promise& untyped = promise;
  if (!untyped.async())
    untyped.deliver(caf::unit);
#endif
}

/// Returns `err` as text.
inline std::string render([[maybe_unused]] const caf::actor_system& sys,
                          const caf::error& err) {
#if CAF_MAJOR_VERSION >= 1
  return to_string(err);
#else
  return err ? sys.render(err) : "none";
#endif
}

} // namespace onewriter::compat
