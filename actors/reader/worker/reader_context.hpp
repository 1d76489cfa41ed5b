#pragma once

#include "actors/core/metrics.hpp"
#include "actors/reader/worker/reader_pool_core.hpp"
#include "actors/sqlite/connection.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

namespace onewriter {

/// The context of every actor with a reader connection.
struct reader_context {
  reader_pool_core_actor pool;
  /// Receives `slow_statement_seen`.
  database_core_actor database;
  std::shared_ptr<const options> opts;
  metrics_ptr shared;
};

/// Removes a connection from the gate once it is closed.
struct reader_closer {
  metrics_ptr shared;

  void operator()(sqlite::connection* db) const noexcept;
};

/// A reader connection, counted by the gate.
using reader_connection = std::unique_ptr<sqlite::connection, reader_closer>;

/// Opens a reader connection whose statements stop while `metrics::gate` is
/// shut. Errors: `ec::busy` while the gate is shut, and those of
/// `sqlite::connection::open`.
[[nodiscard]] caf::expected<reader_connection>
open_reader(const options& opts, const metrics_ptr& shared);

/// Returns the error of a request that the gate has stopped and that cannot
/// start again.
caf::error stopped_by_gate();

/// Returns the error of a request that waited for a lock until the database was
/// closed.
caf::error stopped_by_closing();

/// Closes `db`, if there is one, and leaves it empty; logs a failure. Must be
/// called before an actor quits: CAF 1.x announces the end of an actor before
/// it destroys its state, and receivers rely on the connection being closed.
void close_reader(reader_connection& db, const options& opts);

inline bool is_busy(const caf::error& x) {
  return x == ec::busy;
}

template <class T>
bool is_busy(const caf::expected<T>& x) {
  return !x && is_busy(x.error());
}

/// Calls `f`, which returns an error or a `caf::expected`, repeatedly while it
/// fails with `ec::busy`, with growing pauses, but not beyond `limit`, and with
/// `ec::closed` only until the database refuses what is left. Blocks,
/// so it is for actors with their own thread. Hides temporary locks from
/// callers; those that keep readers out are rare (another program in exclusive
/// locking mode, or recovering the log).
template <class F>
auto retry_while_busy(const metrics& shared,
                      std::chrono::steady_clock::time_point limit, F f) {
  auto pause = std::chrono::milliseconds{1};
  constexpr auto longest_pause = std::chrono::milliseconds{50};
  auto result = f();
  while (is_busy(result) && std::chrono::steady_clock::now() + pause < limit) {
    if (shared.refuses_rest)
      return decltype(result){stopped_by_closing()};
    std::this_thread::sleep_for(pause);
    pause = std::min(2 * pause, longest_pause);
    result = f();
  }
  return result;
}

} // namespace onewriter
