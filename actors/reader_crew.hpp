#pragma once

#include "actors/read_work.hpp"
#include "actors/reader_roster.hpp"
#include "actors/thrown.hpp"
#include "actors/waiting_line.hpp"

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
class reader_crew {
public:
  explicit reader_crew(uint32_t size) : readers(size) {
    // nop
  }

  /// Gives what waits to those who are idle. They reply by themselves.
  void advance();

  reader_roster readers;
  waiting_line<pending_query> line;
};

} // namespace onewriter
