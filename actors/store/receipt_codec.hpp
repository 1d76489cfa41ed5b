#pragma once

#include "actors/text/sha256.hpp"
#include "onewriter/write.hpp"

namespace onewriter {

/// Returns the bytes under which a receipt is stored beside its idempotency
/// key.
blob encode(const write_receipt& x);

/// Reads what `encode` wrote. Error: `ec::corrupt`.
[[nodiscard]] caf::expected<write_receipt> decode_receipt(const blob& bytes);

/// Identifies what a request does, so that a key cannot stand for two different
/// requests: statements, values and demands, not priority or deadline.
sha256_digest fingerprint(const write& x);

sha256_digest fingerprint(const call& x);

} // namespace onewriter
