#pragma once

#include "actors/sqlite/file/files.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

// Reads files of others. Only for a process that has no database open: closing
// a file drops the locks that the process itself has on it (see `files.hpp`).

namespace onewriter::node {

/// A file that is open for reading. Does not wait for pipes and devices.
class read_only_file {
public:
  explicit read_only_file(const std::string& path);

  read_only_file(const read_only_file&) = delete;

  read_only_file& operator=(const read_only_file&) = delete;

  ~read_only_file();

  /// `errno` of opening it; 0 if it is open.
  int error_number() const {
    return error_number_;
  }

  bool is_open() const {
    return error_number_ == 0;
  }

  /// Empty if it is not open.
  std::optional<sqlite::file_identity> identity() const;

  /// Returns at most `bytes` bytes from the offset `at`, fewer at the end of
  /// the file, and after an error.
  std::string read(uint64_t at, size_t bytes) const;

private:
  int descriptor_;
  int error_number_;
};

/// Returns the content of a file, at most `max_bytes`: also of those in /proc,
/// whose size is not known. Empty if it cannot be read.
[[nodiscard]] std::string read_text(const std::string& path, size_t max_bytes);

/// Returns what file `path` leads to, as far as this machine knows: a file
/// server that does not answer is not asked.
[[nodiscard]] std::optional<sqlite::file_identity>
known_identity(const std::string& path);

/// Returns the number of `bytes` bytes at `at`, the highest first; 0 beyond the
/// end.
[[nodiscard]] uint32_t big_endian(const std::string& text, size_t at,
                                  size_t bytes);

} // namespace onewriter::node
