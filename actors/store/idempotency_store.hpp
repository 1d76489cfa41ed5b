#pragma once

#include "actors/sqlite/connection.hpp"
#include "actors/text/sha256.hpp"
#include "onewriter/write.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace onewriter {

/// Returns the receipt stored under `key`, marked as repeated, or nothing if
/// the key is new. Error: `ec::idempotency_mismatch` if the key belongs to
/// another request.
[[nodiscard]] caf::expected<std::optional<write_receipt>>
find_receipt(sqlite::connection& db, const std::string& key,
             const sha256_digest& request);

/// Stores a receipt under a key that `find_receipt` does not find, or whose
/// receipt is to be replaced.
[[nodiscard]] caf::error
store_receipt(sqlite::connection& db, const std::string& key,
              const sha256_digest& request, const write_receipt& receipt);

/// Removes receipts that are older than `retention`, at most 1,000 at a time.
[[nodiscard]] caf::error forget_receipts(sqlite::connection& db,
                                         std::chrono::nanoseconds retention);

} // namespace onewriter
