#pragma once

#include <cstdint>
#include <limits>

namespace onewriter::test {

/// What the sender of a write knows of its outcome.
enum class reply_state : uint8_t {
  /// At the time of the file the write had not been sent yet.
  unsent,
  /// No reply has come.
  waiting,
  acknowledged,
  refused,
  /// The reply says that it may be done or not.
  unknown,
};

/// Sender of the writes that have no order among themselves.
inline constexpr uint32_t no_sender = std::numeric_limits<uint32_t>::max();

/// A write as its sender knows it.
struct write_record {
  /// Names the write in the file.
  uint64_t id = 0;
  uint32_t sender = 0;
  /// Rows that it inserts.
  uint64_t parts = 1;
  reply_state reply = reply_state::waiting;
  /// From the receipt; 0 where there is none.
  uint64_t commit = 0;
};

} // namespace onewriter::test
