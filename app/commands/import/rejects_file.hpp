#pragma once

#include "onewriter/failure.hpp"

#include <cstdint>
#include <string>
#include <utility>

#include <caf/expected.hpp>

namespace onewriter::node {

/// The file that lines go to which cannot be imported: JSON lines with the
/// members `line`, `reason` and `text`. Created when there is such a line, and
/// locked (`flock`) from then on: another import would cut off these lines.
/// Used in one thread.
class rejects_file {
public:
  explicit rejects_file(std::string path) : path_{std::move(path)} {
    // nop
  }

  rejects_file(const rejects_file&) = delete;

  rejects_file& operator=(const rejects_file&) = delete;

  ~rejects_file();

  /// Says that what the file holds is of an earlier run of the same import.
  void adopt() {
    is_own_ = true;
  }

  /// Appends `text` behind the first `size` bytes, in place of what is there,
  /// and syncs the file. Returns its new size. Errors: `ec::cannot_open`,
  /// `ec::io_error`; `ec::busy` while another import writes to the file, and
  /// `ec::target_exists` once it has done so.
  [[nodiscard]] caf::expected<uint64_t> write(uint64_t size,
                                              const std::string& text);

  /// Whether there is a file that has a byte.
  [[nodiscard]] bool has_content() const;

  const std::string& path() const {
    return path_;
  }

private:
  /// Opens and locks the file, unless that is done and it was not deleted.
  caf::error open(uint64_t size);

  std::string path_;
  int file_ = -1;
  bool is_own_ = false;
};

/// The error for a file of rejected lines that belongs to another import.
[[nodiscard]] caf::error foreign_rejects(const std::string& path);

/// The error for more than `max` rejected lines, among them `line`.
[[nodiscard]] caf::error too_many_rejects(uint64_t max, uint64_t line,
                                          const std::string& reason);

/// Returns the line for the record `bytes`, which begins in line `line`.
[[nodiscard]] std::string reject_line(uint64_t line, const std::string& reason,
                                      const std::string& bytes);

} // namespace onewriter::node
