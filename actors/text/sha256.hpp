#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace onewriter {

/// A SHA-256 checksum, first byte first.
using sha256_digest = std::array<std::byte, 32>;

/// Computes the SHA-256 checksum (FIPS 180-4) of data that arrives in blocks.
/// The result does not depend on the blocks. Allocates nothing, cannot fail. An
/// object serves one thread at a time.
class sha256 {
public:
  // -- feeding ---------------------------------------------------------------

  /// Appends `size` bytes, 0 included; `data` may be null if `size` is 0. All
  /// blocks together may hold up to 2^61 - 1 bytes, the limit of the standard.
  void update(const void* data, size_t size);

  /// Appends `bytes`.
  void update(std::string_view bytes);

  // -- result ----------------------------------------------------------------

  /// Returns the checksum of everything appended since construction or since
  /// the last call to `finish`. Afterwards the object is in its initial state.
  [[nodiscard]] sha256_digest finish();

private:
  static constexpr size_t block_bytes = 64;

  // Moves bytes to the open block until it is full or nothing is left, and
  // returns how many. A full block is compressed and leaves an empty one.
  size_t fill_block(const unsigned char* bytes, size_t size);

  // Appends what closes the message: a bit, zeros, the length in bits.
  void pad();

  // The initial hash value: the fractional parts of the square roots of the
  // first eight primes (FIPS 180-4, section 5.3.3).
  std::array<uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372,
                                 0xa54ff53a, 0x510e527f, 0x9b05688c,
                                 0x1f83d9ab, 0x5be0cd19};
  // Holds the `total_ % block_bytes` bytes that do not fill a block yet.
  std::array<unsigned char, block_bytes> block_{};
  uint64_t total_ = 0;
};

/// Returns the checksum of `bytes`.
[[nodiscard]] sha256_digest sha256_of(std::string_view bytes);

/// Returns the 64 lower-case hexadecimal digits of `digest`.
[[nodiscard]] std::string to_hex(const sha256_digest& digest);

} // namespace onewriter
