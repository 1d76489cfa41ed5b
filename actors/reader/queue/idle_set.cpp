#include "actors/reader/queue/idle_set.hpp"

#include <algorithm>
#include <utility>

namespace onewriter {

void idle_set::add_idle(uint32_t slot, sqlite_reader_actor reader) {
  slots_.at(slot) = {std::move(reader), false};
  idle_.push_back(slot);
}

const sqlite_reader_actor& idle_set::take_idle() {
  auto& reader = slots_[idle_.back()];
  idle_.pop_back();
  reader.is_busy = true;
  return reader.actor;
}

void idle_set::put_back(const sqlite_reader_actor& reader) noexcept {
  for (uint32_t i = 0; i < slots_.size(); ++i)
    if (&slots_[i].actor == &reader) {
      slots_[i].is_busy = false;
      // Does not allocate: there is room for all.
      idle_.push_back(i);
    }
}

bool idle_set::any_busy() const {
  return std::any_of(slots_.begin(), slots_.end(),
                     [](const entry& x) { return x.is_busy; });
}

void idle_set::forget(const caf::actor_addr& who) {
  auto reader
    = std::find_if(slots_.begin(), slots_.end(), [&who](const entry& x) {
        return x.actor && x.actor.address() == who;
      });
  if (reader == slots_.end())
    return;
  auto position = static_cast<uint32_t>(reader - slots_.begin());
  idle_.erase(std::remove(idle_.begin(), idle_.end(), position), idle_.end());
  *reader = entry{};
}

void idle_set::forget_all() {
  idle_.clear();
  slots_.assign(slots_.size(), entry{});
}

} // namespace onewriter
