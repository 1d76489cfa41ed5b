#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// UTF-8 as the Unicode standard defines it (table 3-7): one to four bytes a
// character, U+0000 to U+10FFFF without the surrogates U+D800 to U+DFFF, each
// in its shortest form. Nothing here allocates or fails.

namespace onewriter {

/// Returns whether `text` is UTF-8 from its first to its last byte. Empty text
/// is, and so are embedded NULs and a byte order mark.
[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// Returns the size in bytes of `text` without the character that its end cuts
/// off, or all of its size if there is none. At most three bytes, the first
/// ones of a character that could still become valid, are left out. Bytes that
/// cannot become valid any more are not left out; bytes before the last
/// character are not checked.
[[nodiscard]] size_t complete_prefix(std::string_view text);

/// Validates text that arrives in blocks. The result does not depend on the
/// blocks, which may also split characters.
class utf8_validator {
public:
  /// Appends `block`. Returns false if no further text can make it valid, so
  /// that the caller can stop early; then all later calls return false, too.
  bool feed(std::string_view block);

  /// Returns whether everything fed since construction or since the last call
  /// to `finish` is valid and does not end inside a character. Afterwards the
  /// object is in its initial state.
  [[nodiscard]] bool finish();

private:
  // A state of the automaton in `utf8.cpp`; 0 is its initial state.
  uint64_t state_ = 0;
};

} // namespace onewriter
