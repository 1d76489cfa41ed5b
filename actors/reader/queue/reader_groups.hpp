#pragma once

#include "actors/reader/queue/reader_group.hpp"
#include "actors/reader/worker/read_work.hpp"
#include "actors/reader/worker/sqlite_reader.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace onewriter {

/// All readers of a pool, and the requests that wait for them. Dedicated
/// readers, each on its own thread, have the first slots; inline readers on the
/// scheduler's threads, if there are any, have those behind them. Belongs to
/// the pool.
class reader_groups {
public:
  using time_point = std::chrono::steady_clock::time_point;

  reader_groups() = default;

  reader_groups(uint32_t dedicated_readers, uint32_t inline_readers,
                size_t max_waiting)
    : dedicated_{dedicated_readers, max_waiting},
      inline_{inline_readers, max_waiting} {
    // nop
  }

  /// Returns the group whose readers run `work`.
  template <class Request>
  reader_group& group_for(const read_work<Request>& work) {
    auto is_inline = inline_.readers.slots() > 0 && !work.is_long;
    return is_inline ? inline_ : dedicated_;
  }

  /// Passes waiting requests to idle readers, which reply to the callers.
  void advance();

  // -- readers ------------------------------------------------------------------

  /// Records that `reader`, in its slot, is idle.
  void add_idle(uint32_t slot, sqlite_reader_actor reader);

  /// Asks an idle reader to open its connection again; it is not used until it
  /// is added again.
  void release(const sqlite_reader_actor& reader);

  /// The same for all idle readers.
  void release_idle();

  /// Removes a reader that has terminated, if `who` is one.
  void forget(const caf::actor_addr& who);

  void forget_all();

  bool any_busy() const;

  // -- waiting requests ---------------------------------------------------------

  size_t waiting() const;

  /// Returns when the next request expires, `time_point::max()` if none does.
  time_point next_expiry() const;

  void refuse_expired(time_point now);

  void refuse_waiting(const caf::error& reason);

private:
  reader_group dedicated_;
  reader_group inline_;
};

} // namespace onewriter
