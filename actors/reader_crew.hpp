#pragma once

#include "actors/read_work.hpp"
#include "actors/reader_roster.hpp"
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
