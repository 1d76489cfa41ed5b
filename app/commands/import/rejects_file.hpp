#pragma once

#include "onewriter/failure.hpp"

#include <cstdint>
#include <string>
#include <utility>

#include <caf/expected.hpp>

namespace onewriter::node {

/// The file that lines go to which cannot be imported: JSON lines with the
/// members `line`, `reason` and `text`. Created when there is such a line.
class rejects_file {
public:
  explicit rejects_file(std::string path) : path_{std::move(path)} {
    // nop
  }

  /// Appends `text` behind the first `size` bytes, in place of what is there,
  /// and syncs the file. Returns its new size. Errors: `ec::cannot_open`,
  /// `ec::io_error`.
  [[nodiscard]] caf::expected<uint64_t> write(uint64_t size,
                                              const std::string& text) const;

  /// Whether there is a file that has a byte.
  [[nodiscard]] bool has_content() const;

  const std::string& path() const {
    return path_;
  }

private:
  std::string path_;
};

/// Returns the line for the record `bytes`, which begins in line `line`.
[[nodiscard]] std::string reject_line(uint64_t line, const std::string& reason,
                                      const std::string& bytes);

} // namespace onewriter::node
