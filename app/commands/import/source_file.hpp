#pragma once

#include "actors/text/sha256.hpp"
#include "onewriter/failure.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <caf/expected.hpp>

namespace onewriter::node {

/// A place between two characters of a file.
struct file_position {
  /// In bytes, from 0.
  uint64_t offset = 0;
  /// The line that follows, from 1.
  uint64_t line = 1;
};

/// A text file that is read once, from its beginning, through a window that
/// moves over it. Used in one thread.
class source_file {
public:
  /// Opens a regular file. Errors: `ec::cannot_open`, `ec::invalid_argument`
  /// for what is no regular file.
  [[nodiscard]] static caf::expected<source_file> open(const std::string& path);

  source_file(source_file&& other) noexcept;

  source_file& operator=(source_file&&) = delete;

  ~source_file();

  /// The bytes that follow the position, as far as they have been read.
  std::string_view window() const {
    return std::string_view{buffer_}.substr(begin_);
  }

  /// Reads more into the window, at least as much as it has already. Returns
  /// false at the end of the file. Error: `ec::io_error`.
  [[nodiscard]] caf::expected<bool> extend();

  /// Moves the position over the first `size` bytes of the window.
  void consume(size_t size);

  /// Moves the position to `offset`, which is not behind it, or to the end of
  /// the file. Error: `ec::io_error`.
  [[nodiscard]] caf::error advance_to(uint64_t offset);

  const file_position& position() const {
    return position_;
  }

  /// Whether a line begins at the position.
  bool is_at_line() const {
    return last_byte_ == '\n';
  }

  /// The size of the file when it was opened.
  uint64_t size() const {
    return size_;
  }

  /// What has the checksum of all bytes before the position.
  const sha256& digest() const {
    return digest_;
  }

private:
  source_file(int descriptor, uint64_t size);

  int descriptor_;
  uint64_t size_;
  std::string buffer_;
  size_t begin_ = 0;
  // The one before the position.
  char last_byte_ = '\n';
  file_position position_;
  sha256 digest_;
};

} // namespace onewriter::node
