#pragma once

#include <cstdint>

namespace onewriter {

/// How integers and sizes are stored.
enum class integer_format : uint8_t {
  /// In 8 bytes, least significant first.
  fixed,
  /// In groups of 7 bits, the least significant first; each byte but the last
  /// has its highest bit set. Signed ones are first turned into 0, -1, 1, -2
  /// and so on by the least significant bit, so that small ones are short.
  compact,
};

} // namespace onewriter
