#pragma once

#include "actors/reader/queue/deadline_queue.hpp"
#include "actors/reader/queue/refusals.hpp"
#include "actors/support/thrown.hpp"

#include <caf/response_promise.hpp>

#include <chrono>
#include <utility>
#include <variant>

namespace onewriter {

/// A request with an open reply, one of the kinds `Works`.
template <class... Works>
struct pending_read {
  caf::response_promise promise;
  std::variant<Works...> work;

  /// Delegates the request to `reader`, which then has to reply. On an error
  /// the promise has still to be kept here; the request may be gone.
  template <class Actor>
  caf::error delegate_to(const Actor& reader) {
    // Delegating moves the sender out of the promise before it allocates.
    auto kept = promise;
    auto result = caught("the request", [&] {
      auto give = [&](auto& x) {
        promise.delegate(reader, std::move(x));
      };
      std::visit(give, work);
      return caf::error{};
    });
    if (result != caf::none)
      promise = std::move(kept);
    return result;
  }

  /// Replies with an error. Retries for memory like `insist`.
  void refuse(const caf::error& reason) {
    insist([&] { promise.deliver(reason); });
  }

  std::chrono::steady_clock::time_point arrived() const {
    return std::visit([](auto& x) { return x.arrived; }, work);
  }
};

/// Replies to all requests in `waiting` with an error and removes them.
template <class Pending>
void refuse_all(deadline_queue<Pending>& waiting, const caf::error& reason) {
  while (!waiting.empty())
    waiting.pop().refuse(reason);
}

/// The same for those that have expired at `now`: `ec::deadline_exceeded`.
template <class Pending>
void refuse_expired(deadline_queue<Pending>& waiting,
                    std::chrono::steady_clock::time_point now) {
  while (auto expired = waiting.pop_expired(now))
    expired->refuse(insist(expired_while_waiting));
}

} // namespace onewriter
