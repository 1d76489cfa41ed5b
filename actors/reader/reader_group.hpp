#pragma once

#include "actors/reader/deadline_queue.hpp"
#include "actors/reader/idle_set.hpp"
#include "actors/reader/read_work.hpp"
#include "actors/support/thrown.hpp"

#include <caf/response_promise.hpp>

#include <chrono>
#include <cstdint>
#include <variant>

namespace onewriter {

/// A request whose reply is owed, one of the kinds `Works`.
template <class... Works>
struct pending_read {
  caf::response_promise promise;
  std::variant<Works...> work;

  /// Gives the request to `reader`, which owes the reply from then on, or
  /// returns why not; then nothing has changed.
  template <class Actor>
  caf::error delegate_to(const Actor& reader) {
    // Delegating takes the sender out of the promise before it has the memory.
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

/// Readers of one kind, and what waits for one of them to be idle, first in,
/// first out. Belongs to the reader pool.
class reader_group {
public:
  explicit reader_group(uint32_t size) : readers(size) {
    // nop
  }

  /// Gives what waits to those who are idle. They reply by themselves.
  void advance();

  idle_set readers;
  deadline_queue<pending_query> line;
};

} // namespace onewriter
