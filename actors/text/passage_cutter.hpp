#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace onewriter {

/// A piece of a document: one row of a full-text index.
struct passage {
  /// Offset of the piece in the document, in bytes.
  uint64_t offset = 0;

  /// The piece itself, never empty.
  std::string text;
};

/// Cuts a document that arrives in blocks into passages. Concatenated, they
/// equal the document byte by byte. The cuts depend only on the document and on
/// `max_bytes`, not on the blocks.
///
/// A passage ends after the last line break (`\n`) in the second half of the
/// `max_bytes` it could hold; if there is none, after the last white space in
/// it (ASCII: space, `\t`, `\v`, `\f`, `\r`); else after the last character
/// that fits. No cut falls inside a valid UTF-8 character or between `\r` and
/// `\n`. Text that is not UTF-8 is cut as well. Every passage but the last is
/// longer than half of `max_bytes`.
///
/// Use it as: `feed` a block, call `next` until it returns nothing, repeat;
/// then call `finish` until it returns nothing. Then at most `max_bytes` and
/// one block are held in memory. An object serves one document and one thread.
class passage_cutter {
public:
  /// The smallest limit: enough for any character next to any other.
  static constexpr size_t min_max_bytes = 16;

  /// Cuts passages of up to `max_bytes` bytes, 16 or more; less counts as 16.
  /// The default is about a page of text: short enough to show as the location
  /// of a match, long enough that the cost of a row does not matter.
  explicit passage_cutter(size_t max_bytes = 4096);

  /// Appends `block` to the document.
  void feed(std::string_view block);

  /// Returns the next passage that does not depend on the following text, or
  /// nothing if more text is needed: there is none until more than `max_bytes`
  /// bytes are left.
  [[nodiscard]] std::optional<passage> next();

  /// Returns the next passage of a complete document, or nothing if all of it
  /// has been returned. An empty document has no passages.
  [[nodiscard]] std::optional<passage> finish();

private:
  // The text that was fed and not returned yet.
  std::string_view rest() const;

  passage take(size_t size);

  size_t max_bytes_;
  // The document from `offset_ - taken_` to the end of the text fed so far.
  std::string buffer_;
  // How much of `buffer_` has been returned.
  size_t taken_ = 0;
  uint64_t offset_ = 0;
};

} // namespace onewriter
