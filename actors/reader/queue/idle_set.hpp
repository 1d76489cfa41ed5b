#pragma once

#include "actors/reader/worker/sqlite_reader.hpp"

#include <cstdint>
#include <vector>

namespace onewriter {

/// The readers of a pool that are running, and those of them that are idle.
class idle_set {
public:
  explicit idle_set(uint32_t slots) : slots_(slots) {
    idle_.reserve(slots);
  }

  /// Returns how many readers there may be.
  uint32_t slots() const {
    return static_cast<uint32_t>(slots_.size());
  }

  /// Records that `reader`, in its slot, is idle.
  void add_idle(uint32_t slot, sqlite_reader_actor reader);

  bool has_idle() const {
    return !idle_.empty();
  }

  /// Returns the idle reader that was busy last, because its cache is the
  /// warmest, and marks it as busy; there must be one.
  const sqlite_reader_actor& take_idle();

  /// Marks `reader`, as `take_idle` returned it, as idle again.
  void put_back(const sqlite_reader_actor& reader) noexcept;

  /// Returns whether any reader is busy.
  bool any_busy() const;

  /// Removes a reader that has terminated, which may belong to another set.
  void forget(const caf::actor_addr& who);

  /// Removes all readers.
  void forget_all();

private:
  struct entry {
    /// Empty while the reader is being restarted.
    sqlite_reader_actor actor;
    bool is_busy = false;
  };

  std::vector<entry> slots_;
  // Positions in `slots_`, the one that was busy last at the end.
  std::vector<uint32_t> idle_;
};

} // namespace onewriter
