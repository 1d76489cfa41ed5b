#pragma once

#include "actors/text/sha256.hpp"
#include "onewriter/write.hpp"

namespace onewriter {

/// Returns the bytes under which a receipt is stored beside its idempotency
/// key.
blob encode(const write_receipt& x);

/// Decodes the output of `encode`. Error: `ec::corrupt`.
[[nodiscard]] caf::expected<write_receipt> decode_receipt(const blob& bytes);

/// Identifies the effect of a request, so that a key cannot belong to two
/// different requests: covers statements, values and expected changes, not
/// priority or deadline.
sha256_digest fingerprint(const write& x);

sha256_digest fingerprint(const call& x);

} // namespace onewriter
