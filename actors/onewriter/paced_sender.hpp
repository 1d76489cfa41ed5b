#pragma once

#include "onewriter/protocol.hpp"

#include <cstdint>
#include <memory>

namespace onewriter {

class flow_gate;

/// Sends messages to a database without waiting for a reply, and returns an
/// error at once if too much is already in flight. A message sent to the handle
/// itself is then dropped, too, and only counted. The limits for messages in
/// flight are `max-items` and `max-bytes` for writes, and `best-effort-items`
/// and `best-effort-bytes`. Works only in the database's own process.
///
///     auto paced = paced_sender::to(sys, database);
///     ...
///     if (auto err = paced->send(write{"INSERT INTO t VALUES(?)", 1}))
///       // `ec::overloaded`: later, or never
///
/// Made once by the program and given to actors and threads. Copies count as
/// one sender when senders take turns. Thread-safe, also a single copy; only
/// `to` blocks.
class paced_sender {
public:
  /// Blocks until the database answers, which does not involve SQLite. Error:
  /// `ec::invalid_argument` if there is no such database in this process.
  [[nodiscard]] static caf::expected<paced_sender>
  to(caf::actor_system& sys, const database_actor& database);

  /// Sends a write without a receipt; if it fails, it becomes a dead letter.
  /// Error: `ec::overloaded` if it was not sent.
  [[nodiscard]] caf::error send(write what);

  /// Sends a best-effort message. Error: `ec::overloaded` if it was dropped,
  /// and counted as `dropped_full`.
  [[nodiscard]] caf::error send(best_effort what);

private:
  paced_sender(database_actor database, std::shared_ptr<flow_gate> gate);

  template <class Request>
  caf::error pass(Request& what, uint64_t bytes);

  database_actor database_;
  std::shared_ptr<flow_gate> gate_;
  uint64_t sender_;
};

} // namespace onewriter
