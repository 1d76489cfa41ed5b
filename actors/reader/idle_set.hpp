#pragma once

#include "actors/reader/sqlite_reader.hpp"

#include <cstdint>
#include <vector>

namespace onewriter {

/// Which of a pool's readers are there, and which of them have nothing to do.
class idle_set {
public:
  explicit idle_set(uint32_t slots) : slots_(slots) {
    idle_.reserve(slots);
  }

  /// Takes note that `reader`, in its slot, waits for a query.
  void add_idle(uint32_t slot, sqlite_reader_actor reader);

  bool has_idle() const {
    return !idle_.empty();
  }

  /// Returns the idle reader that was busy last, because its cache is the
  /// warmest, and notes that it is busy; there must be one.
  const sqlite_reader_actor& take_idle();

  /// Notes that `reader`, as `take_idle` returned it, is idle after all.
  void put_back(const sqlite_reader_actor& reader) noexcept;

  /// Whether any reader has a query.
  bool any_busy() const;

  /// Takes note of the end of a reader, which may be one of others.
  void forget(const caf::actor_addr& who);

  /// Takes note of the end of all readers.
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
