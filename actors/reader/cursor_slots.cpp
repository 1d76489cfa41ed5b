#include "actors/reader/cursor_slots.hpp"

#include "actors/support/thrown.hpp"

#include <algorithm>
#include <utility>

namespace onewriter {

std::optional<uint32_t> cursor_slots::free_slot() const {
  auto pos = std::find(slots_.begin(), slots_.end(), nullptr);
  if (pos == slots_.end())
    return std::nullopt;
  return static_cast<uint32_t>(pos - slots_.begin());
}

void cursor_slots::put(uint32_t slot, sqlite_cursor_actor cursor) {
  slots_[slot] = std::move(cursor);
}

void cursor_slots::free(const caf::actor_addr& who) {
  for (auto& cursor : slots_)
    if (cursor && cursor.address() == who)
      cursor = nullptr;
}

void cursor_slots::close_all() const {
  for (auto& cursor : slots_)
    if (cursor)
      must_send(cursor, close_cursor{});
}

size_t cursor_slots::open() const {
  auto is_open = [](const sqlite_cursor_actor& x) {
    return x != nullptr;
  };
  return static_cast<size_t>(
    std::count_if(slots_.begin(), slots_.end(), is_open));
}

} // namespace onewriter
