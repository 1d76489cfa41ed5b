#pragma once

#include "onewriter/failure.hpp"

#include <functional>
#include <memory>
#include <string>

namespace onewriter::node {

/// Copies all of the file `from` into the open file `to`, in pieces, until
/// `stopped` returns true. Errors: `ec::cannot_open`, `ec::disk_full`,
/// `ec::file_size_limit`, `ec::io_error`, `ec::cancelled`.
[[nodiscard]] caf::error copy_content(const std::string& from, int to,
                                      const std::function<bool()>& stopped);

/// A new file beside another one, which is removed when the object is destroyed
/// unless it has got another name by then.
class temporary_file {
public:
  /// Creates `<beside>.restore-XXXXXX`, which only this user may read. Errors:
  /// `ec::disk_full`, `ec::read_only`, `ec::cannot_open`.
  static caf::expected<std::unique_ptr<temporary_file>>
  create(const std::string& beside);

  temporary_file(const temporary_file&) = delete;

  temporary_file& operator=(const temporary_file&) = delete;

  ~temporary_file();

  const std::string& path() const {
    return path_;
  }

  int descriptor() const {
    return descriptor_;
  }

  /// Gives the file the owner, where possible, and the permissions of the file
  /// `model`, syncs it and closes it. Errors: `ec::disk_full`, `ec::io_error`.
  [[nodiscard]] caf::error finish(const std::string& model);

private:
  temporary_file(std::string path, int descriptor);

  std::string path_;
  int descriptor_;
};

} // namespace onewriter::node
