#include "actors/sharing/proof.hpp"

#include "actors/text/sha256.hpp"

namespace onewriter {

namespace {

constexpr size_t block_bytes = 64;

std::string padded_key(std::string_view key, char with) {
  std::string result(block_bytes, '\0');
  if (key.size() > block_bytes) {
    auto digest = sha256_of(key);
    result.replace(0, digest.size(),
                   reinterpret_cast<const char*>(digest.data()), digest.size());
  } else {
    result.replace(0, key.size(), key);
  }
  for (auto& x : result)
    x = static_cast<char>(x ^ with);
  return result;
}

} // namespace

std::string hmac_sha256(std::string_view key, std::string_view text) {
  sha256 hash;
  hash.update(padded_key(key, 0x36));
  hash.update(text);
  auto inner = hash.finish();
  hash.update(padded_key(key, 0x5c));
  hash.update(inner.data(), inner.size());
  return to_hex(hash.finish());
}

std::string public_identifier(const std::string& secret) {
  return "onewriter-" + hmac_sha256(secret, "identifier").substr(0, 32);
}

std::string proof_of_owner(const std::string& secret,
                           const std::string& owner_nonce,
                           const std::string& process_nonce) {
  return hmac_sha256(secret, "owner " + owner_nonce + ' ' + process_nonce);
}

std::string proof_of_process(const std::string& secret,
                             const std::string& owner_nonce,
                             const std::string& process_nonce) {
  return hmac_sha256(secret, "process " + owner_nonce + ' ' + process_nonce);
}

bool is_same_proof(const std::string& x, const std::string& y) {
  if (x.size() != y.size())
    return false;
  unsigned char difference = 0;
  for (size_t i = 0; i < x.size(); ++i)
    difference |= static_cast<unsigned char>(x[i] ^ y[i]);
  return difference == 0;
}

} // namespace onewriter
