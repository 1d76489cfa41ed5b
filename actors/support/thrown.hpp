#pragma once

#include "messages/compat/requests.hpp"
#include "onewriter/compat/messaging.hpp"

#include <caf/error.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <exception>
#include <new>
#include <thread>

namespace onewriter {

/// Returns the exception that is being handled as an error: `ec::out_of_memory`
/// if memory or threads ran out, else `ec::internal`. `who` begins the message
/// ("the query"). Called in a `catch` block, on any thread. Retries until there
/// is memory for an error without a message.
caf::error thrown_error(const char* who);

/// The same for `set_exception_handler`: an actor that an exception ends
/// reports the reason, so that its supervisor can distinguish a lack of memory
/// from a fault.
caf::error exception_to_error(std::exception_ptr& what);

/// Calls `f` until it does not throw `std::bad_alloc`, at most for a second or
/// so: for small allocations without which callers would get no reply or a
/// wrong one. `f` must have no effect if it throws. Blocks.
template <class F>
auto insist(F f) {
  constexpr int most_attempts = 1'000;
  for (int i = 1;; ++i)
    try {
      return f();
    } catch (const std::bad_alloc&) {
      if (i == most_attempts)
        throw;
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
}

/// Returns `ec::unavailable` with `message`, for remaining requests when an
/// actor is stopped. Retries for memory like `insist`, so that destructors may
/// call it.
caf::error stopped_error(const char* message);

/// Sends `x` to `dst`, an actor that waits for it. Retries for memory like
/// `insist`.
template <class Self, class Handle, class T>
void must_send(Self self, const Handle& dst, const T& x) {
  insist([&] { compat::send(self, dst, x); });
}

/// The same without a sender.
template <class Handle, class T>
void must_send(const Handle& dst, const T& x) {
  insist([&] { compat::anon_send(dst, x); });
}

/// The same once `delay` has passed.
template <class Self, class Handle, class Delay, class T>
void must_send_later(Self self, const Handle& dst, Delay delay, const T& x) {
  insist([&] { compat::delayed_send(self, dst, delay, x); });
}

/// Asks `dst` to stop. Retries likewise.
template <class Handle>
void must_stop(const Handle& dst) {
  insist([&] { caf::anon_send_exit(dst, caf::exit_reason::user_shutdown); });
}

/// Answers all of `promises` with `x`, a reply or an error. Retries likewise.
template <class Promises, class T>
void answer_all(Promises&& promises, const T& x) {
  for (auto& promise : promises)
    insist([&] { promise.deliver(x); });
}

/// Fulfils all of `promises`, of replies without content. Retries likewise.
template <class Promises>
void acknowledge_all(Promises&& promises) {
  for (auto& promise : promises)
    insist([&] { compat::acknowledge(promise); });
}

/// Returns the error that `f` returns, or what it throws as an error.
template <class F>
caf::error caught(const char* who, F f) {
  try {
    return f();
  } catch (...) {
    return thrown_error(who);
  }
}

/// Runs the handler `f` of a request; an exception becomes the reply. In that
/// case `f` must have changed nothing and left the reply to CAF.
template <class F>
auto answered(F f) -> decltype(f()) {
  try {
    return f();
  } catch (...) {
    return thrown_error("the request");
  }
}

/// The same for a handler that may have taken the reply from CAF when it
/// throws. Costs two more references to the sender.
template <class Self, class F>
auto answered(Self* self, F f) -> decltype(f()) {
  auto origin = compat::origin_of(self);
  try {
    return f();
  } catch (...) {
    auto reason = thrown_error("the request");
    compat::take_request(self);
    if (origin.source)
      insist([&] { compat::respond(origin, reason, self); });
    return caf::response_promise{};
  }
}

/// Throws `std::system_error` if the operating system cannot start a thread.
/// CAF counts an actor with its own thread before it starts that thread, and
/// its system would wait forever for one that was not started. Costs the start
/// of a thread, some 30 µs; called before each such actor is spawned.
void require_thread();

} // namespace onewriter
