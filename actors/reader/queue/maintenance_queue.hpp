#pragma once

#include "actors/reader/queue/pending_read.hpp"
#include "actors/reader/worker/read_work.hpp"
#include "actors/reader/worker/sqlite_backup.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace onewriter {

using pending_maintenance = pending_read<backup_work, check_work>;

/// Backups and integrity checks: one runs, the others wait, first in, first
/// out. Belongs to the reader pool, which starts the actors that run them.
class maintenance_queue {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// How many may wait for the one that runs.
  static constexpr size_t max_waiting = 8;

  // -- waiting requests ---------------------------------------------------------

  /// Returns `ec::overloaded` if `max_waiting` requests wait.
  [[nodiscard]] caf::error check_room() const;

  /// Appends a request, which waits until `expires`; `time_point::max()` means
  /// that it never expires.
  void push(pending_maintenance what, time_point expires);

  /// Removes and returns the first waiting request, if none runs.
  std::optional<pending_maintenance> next();

  /// Returns when the next request expires, `time_point::max()` if none does.
  time_point next_expiry() const;

  void refuse_expired(time_point now);

  void refuse_waiting(const caf::error& reason);

  // -- the running request ------------------------------------------------------

  /// Records that `worker` runs a request, until it has ended.
  void started(sqlite_backup_actor worker);

  /// Records that the running request has ended.
  void finished();

  /// The same if `who`, which has terminated, is the actor that ran it.
  void forget(const caf::actor_addr& who);

  bool is_running() const;

  /// Asks the running request to stop, if there is one; its caller gets
  /// `reason`. Retries for memory like `insist`.
  void cancel_running(const caf::error& reason) const;

private:
  deadline_queue<pending_maintenance> waiting_;
  // Empty while none runs.
  sqlite_backup_actor worker_;
};

} // namespace onewriter
