#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace onewriter {

/// Identifies a session: the requests of one process that has joined the owner
/// of a database. 16 random bytes that the process draws, so that two sessions
/// never have the same name.
using session_name = std::array<std::byte, 16>;

/// The position of a request in the session that it belongs to. The writer
/// runs each number of a session at most once, as long as the session is kept:
/// `options::idempotency_retention` after its last write. So a process can send
/// what it has no answer to again, to the next owner too. A number that took
/// effect before gets its receipt again, with `write_receipt::repeated`. A
/// request that failed by its own fault leaves no trace, and its number may be
/// used again.
struct session_position {
  /// Shared by all requests of the session; null where the request belongs to
  /// none.
  std::shared_ptr<const session_name> session;
  /// Distinguishes the requests of the session; they may arrive in any order.
  /// At most 2^63 - 1, else `ec::invalid_argument`.
  uint64_t number = 0;
  /// The session has had answers to all numbers below this one and never sends
  /// them again, so that their receipts may be forgotten. A number below the
  /// highest mark that took effect is refused with `ec::invalid_argument`.
  uint64_t settled = 0;
};

} // namespace onewriter
