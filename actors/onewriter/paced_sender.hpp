#pragma once

#include "onewriter/protocol.hpp"

#include <cstdint>
#include <memory>

namespace onewriter {

class flow_gate;

/// Sends a database messages without waiting for a reply, and tells the sender
/// at once where too much is on its way already. A message that is sent to the
/// handle itself is kept out likewise, and only counted. What is on its way to
/// a database may be `max-items` and `max-bytes` of writes, or
/// `best-effort-items` and `best-effort-bytes`. In the database's own process
/// only.
///
///     auto paced = paced_sender::to(sys, database);
///     ...
///     if (auto err = paced->send(write{"INSERT INTO t VALUES(?)", 1}))
///       // `ec::overloaded`: later, or never
///
/// Made once by the program and given to actors and threads. Copies are one
/// sender, to the turns that senders take. Any thread may use it, also one copy
/// by several; no function but `to` ever blocks.
class paced_sender {
public:
  /// Blocks until the database answers, which is not for SQLite. Error:
  /// `ec::invalid_argument` where there is no such database in this process.
  [[nodiscard]] static caf::expected<paced_sender>
  to(caf::actor_system& sys, const database_actor& database);

  /// Sends a write without a receipt; it becomes a dead letter
  /// where it fails. Error: `ec::overloaded`, it was not sent.
  [[nodiscard]] caf::error send(write what);

  /// Error: `ec::overloaded`, it was dropped, and counted as `dropped_full`.
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
