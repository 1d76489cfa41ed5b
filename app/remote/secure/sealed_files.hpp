#pragma once

#include "app/core/tls_files.hpp"

#include <caf/expected.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace onewriter::node {

/// Copies of TLS files in memory, under names that this process can open for as
/// long as the object exists. CAF reads its files for each connection, and ends
/// the process where it cannot: these cannot be removed.
class sealed_files {
public:
  /// Errors: those of `check_files`; `ec::invalid_argument` where a file is not
  /// what it should be, or the key is not that of the certificate.
  static caf::expected<std::unique_ptr<sealed_files>>
  make(const tls_files& what);

  sealed_files(const sealed_files&) = delete;

  sealed_files& operator=(const sealed_files&) = delete;

  ~sealed_files();

  /// Keeps `by` until `take_replacement`. Any thread may call it.
  void replace(std::unique_ptr<sealed_files> by);

  /// Makes `names` lead to what `replace` was given, if anything was. To be
  /// called by the thread that makes connections, so that none sees files of
  /// both.
  void take_replacement();

  const tls_files& names() const {
    return names_;
  }

private:
  sealed_files() = default;

  // Returns the name of the copy. Error: `ec::io_error`.
  caf::expected<std::string> add(const std::string& path);

  // In the order of the members of `tls_files`.
  std::vector<int> files_;
  tls_files names_;
  std::mutex mutex_;
  std::unique_ptr<sealed_files> next_;
};

} // namespace onewriter::node
