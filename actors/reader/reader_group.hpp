#pragma once

#include "actors/reader/deadline_queue.hpp"
#include "actors/reader/idle_set.hpp"
#include "actors/reader/worker/read_work.hpp"
#include "actors/support/thrown.hpp"

#include <caf/response_promise.hpp>

#include <chrono>
#include <cstdint>
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

  std::chrono::steady_clock::time_point arrived() const {
    return std::visit([](auto& x) { return x.arrived; }, work);
  }
};

using pending_query = pending_read<query_work, search_work, letters_work>;

/// Readers of one kind, and the requests that wait for an idle one, first in,
/// first out. Belongs to the reader pool.
class reader_group {
public:
  explicit reader_group(uint32_t size) : readers(size) {
    // nop
  }

  /// Passes waiting requests to idle readers, which reply to the callers.
  void advance();

  idle_set readers;
  deadline_queue<pending_query> line;
};

} // namespace onewriter
