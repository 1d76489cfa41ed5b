#pragma once

#include "actors/reader/worker/sqlite_cursor.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace onewriter {

/// The cursors that are open, each in a slot of its own. Belongs to the reader
/// pool.
class cursor_slots {
public:
  explicit cursor_slots(size_t size = 0) : slots_(size) {
    // nop
  }

  size_t size() const {
    return slots_.size();
  }

  /// Returns the first free slot, if there is one.
  std::optional<uint32_t> free_slot() const;

  /// Puts `cursor` into a free slot.
  void put(uint32_t slot, sqlite_cursor_actor cursor);

  /// Frees the slot of `who`, where it is a cursor.
  void free(const caf::actor_addr& who);

  /// Asks all cursors to end.
  void close_all() const;

  /// Returns how many cursors are open.
  size_t open() const;

private:
  // Empty handles are free slots.
  std::vector<sqlite_cursor_actor> slots_;
};

} // namespace onewriter
