#pragma once

#include "actors/reader/queue/idle_set.hpp"
#include "actors/reader/queue/pending_read.hpp"
#include "actors/reader/worker/read_work.hpp"

#include <cstddef>
#include <cstdint>

namespace onewriter {

using pending_query = pending_read<query_work, search_work, letters_work>;

/// Readers of one kind, and the requests that wait for an idle one, first in,
/// first out. Belongs to the reader pool.
class reader_group {
public:
  explicit reader_group(uint32_t size = 0, size_t max_waiting = 0)
    : readers(size),
      max_waiting_{max_waiting} {
    // nop
  }

  /// Returns `ec::overloaded` if no reader is idle and `max_waiting` requests
  /// wait.
  [[nodiscard]] caf::error check_room() const;

  /// Passes waiting requests to idle readers, which reply to the callers.
  void advance();

  idle_set readers;
  deadline_queue<pending_query> waiting;

private:
  size_t max_waiting_;
};

} // namespace onewriter
