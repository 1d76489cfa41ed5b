#pragma once

#include "actors/store/number_set.hpp"
#include "onewriter/write.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace onewriter {

/// The receipt of a number of a session. See `write_receipt` for the fields;
/// how many shared the commit is not kept.
struct session_receipt {
  uint64_t number = 0;
  uint64_t commit = 0;
  int64_t changes = 0;
  int64_t last_insert_rowid = 0;
  /// `write_receipt::returned`, encoded; empty for none.
  blob returned;
};

/// The largest number that a request of a session may have.
inline constexpr uint64_t most_session_number = INT64_MAX;

/// Which numbers of a session took effect, from `settled` on.
struct session_record {
  /// See `session_position`.
  uint64_t settled = 0;
  /// The numbers whose receipts are stored apart, in the table
  /// of idempotency keys.
  number_set apart;
  /// The receipts of the others, ascending.
  std::vector<session_receipt> receipts;
};

/// Returns the bytes under which a record is stored beside its mark `settled`.
/// A receipt without rows takes 5 to 12 bytes where numbers, commits and rowids
/// are close to those of the receipt before.
blob encode(const session_record& x);

/// Decodes the output of `encode`. Error: `ec::corrupt`.
[[nodiscard]] caf::expected<session_record> decode_session(uint64_t settled,
                                                           const blob& bytes);

/// Returns a receipt as it is kept in a record.
session_receipt to_session_receipt(uint64_t number, const write_receipt& x);

/// Returns the receipt for the caller. Error: `ec::corrupt`.
[[nodiscard]] caf::expected<write_receipt>
to_write_receipt(const session_receipt& x);

} // namespace onewriter
