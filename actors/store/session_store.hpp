#pragma once

#include "actors/core/session_position.hpp"
#include "actors/sqlite/connection.hpp"
#include "actors/store/session_record.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace onewriter {

/// A session in the file.
struct stored_session {
  session_record record;
  /// Its size when encoded.
  size_t bytes = 0;
  /// When it was used last, give or take `session_time_step`; 0 for a session
  /// that is not in the file.
  int64_t used_unix_ms = 0;
};

/// How old the time of the last use gets before it is stored again. It is in an
/// index, which would be the larger part of what storing a session costs.
inline constexpr auto session_time_step = std::chrono::minutes{1};

/// Returns the session `name`; one without content if it is not in the file.
/// Error: `ec::corrupt`.
[[nodiscard]] caf::expected<stored_session>
load_session(sqlite::connection& db, const session_name& name);

/// Stores `what` as the session `name`; sets its `bytes` and `used_unix_ms`.
[[nodiscard]] caf::error store_session(sqlite::connection& db,
                                       const session_name& name,
                                       stored_session& what);

/// Stores the receipt of a number apart from its session, where a row is too
/// large to be rewritten with each commit.
[[nodiscard]] caf::error store_apart(sqlite::connection& db,
                                     const session_name& name, uint64_t number,
                                     const write_receipt& receipt);

/// Returns a receipt that was stored apart, marked as repeated. Error:
/// `ec::invalid_argument` where it was old enough to be forgotten.
[[nodiscard]] caf::expected<write_receipt>
find_apart(sqlite::connection& db, const session_name& name, uint64_t number);

/// Removes sessions that have not been used for `retention`, at most 1,000 at a
/// time.
[[nodiscard]] caf::error forget_sessions(sqlite::connection& db,
                                         std::chrono::nanoseconds retention);

} // namespace onewriter
