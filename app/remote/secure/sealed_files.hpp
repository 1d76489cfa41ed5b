#pragma once

#include "app/remote/tls_files.hpp"

#include <caf/expected.hpp>

#include <memory>
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

  const tls_files& names() const {
    return names_;
  }

private:
  sealed_files() = default;

  // Returns the name of the copy. Error: `ec::io_error`.
  caf::expected<std::string> add(const std::string& path);

  std::vector<int> files_;
  tls_files names_;
};

} // namespace onewriter::node
