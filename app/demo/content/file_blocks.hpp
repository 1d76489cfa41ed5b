#pragma once

#include "actors/text/sha256.hpp"
#include "actors/text/utf8.hpp"
#include "onewriter/value.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace onewriter::node {

/// Reads one file as blocks of 64 KiB, the last one shorter, and finds out on
/// the way what the file is.
class file_blocks {
public:
  static constexpr size_t block_bytes = 64 * 1024;

  explicit file_blocks(const std::string& path);

  file_blocks(const file_blocks&) = delete;

  file_blocks& operator=(const file_blocks&) = delete;

  ~file_blocks();

  /// Returns the next block, nothing at the end or after a failure.
  [[nodiscard]] std::optional<blob> next();

  /// Whether the file could not be opened, is no regular file, or could not be
  /// read to its end.
  bool failed() const {
    return failed_;
  }

  // -- after the last block -------------------------------------------------------

  /// Bytes read.
  uint64_t size() const {
    return size_;
  }

  /// SHA-256 of what was read, in hexadecimal.
  const std::string& hash() const {
    return hash_;
  }

  /// Whether it is UTF-8 without a NUL.
  bool is_text() const {
    return is_text_;
  }

private:
  void look_at(const blob& block);

  int file_ = -1;
  bool failed_ = false;
  bool at_end_ = false;
  uint64_t size_ = 0;
  sha256 sum_;
  std::string hash_;
  utf8_validator validator_;
  bool is_text_ = true;
};

} // namespace onewriter::node
