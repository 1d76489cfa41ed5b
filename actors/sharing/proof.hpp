#pragma once

#include <string>
#include <string_view>

// How processes show each other that they know the owner's secret, without
// sending it.
//
// CAF's handshake is no proof: the side that listens sends its application
// identifiers to all who connect, and does not look at those of the other side
// (caf/io/basp/instance.cpp). So they are only there to keep other CAF programs
// apart.

namespace onewriter {

/// Returns HMAC-SHA256 (RFC 2104) of `text` as hexadecimal digits.
std::string hmac_sha256(std::string_view key, std::string_view text);

/// Returns the application identifier for CAF: it tells apart owners and says
/// nothing of the secret.
std::string public_identifier(const std::string& secret);

/// Returns what the owner shows, for the nonces of both sides.
std::string proof_of_owner(const std::string& secret,
                           const std::string& owner_nonce,
                           const std::string& process_nonce);

/// Returns what the process that joins shows. Differs from the owner's, so that
/// none can be sent back.
std::string proof_of_process(const std::string& secret,
                             const std::string& owner_nonce,
                             const std::string& process_nonce);

/// Whether both are the same, in a time that does not depend on where they
/// differ.
bool is_same_proof(const std::string& x, const std::string& y);

} // namespace onewriter
