#pragma once

#include "onewriter/failure.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <sys/stat.h>

namespace onewriter {

/// A file to be indexed, open for reading.
class document_file {
public:
  /// Opens the regular file at `path`, which must be none of `off_limits`,
  /// under any name: closing a database's file drops the locks that SQLite
  /// holds on it (see `actors/sqlite/file/files.hpp`). Does not wait for the
  /// other end of a pipe. Error: `ec::unreadable_document`.
  static caf::expected<document_file>
  open(const std::string& path, const std::vector<std::string>& off_limits);

  document_file(document_file&& other) noexcept;

  document_file& operator=(document_file&&) = delete;

  ~document_file();

  /// Reads up to `size` bytes, as many as there are; fewer at the end of the
  /// file. Error: `ec::unreadable_document`.
  [[nodiscard]] caf::expected<size_t> read(char* buffer, size_t size);

  /// Goes back to the beginning. Error: `ec::unreadable_document`.
  [[nodiscard]] caf::error rewind();

  /// Fails with `ec::document_changed` unless the path leads to the same file
  /// as when it was opened, of the same size and not written to since.
  [[nodiscard]] caf::error check_unchanged() const;

private:
  document_file(std::string path, int descriptor, const struct stat& info)
    : path_{std::move(path)},
      descriptor_{descriptor},
      opened_{info} {
    // nop
  }

  caf::error unreadable(int error_number) const;

  std::string path_;
  int descriptor_;
  struct stat opened_;
};

} // namespace onewriter
