#pragma once

#include "onewriter/failure.hpp"

#include <string>

namespace onewriter::node {

/// With what a process proves to others on the network who it is, and whom it
/// believes. All are paths of PEM files.
struct tls_files {
  /// The certificate of this process, followed by those between it and the
  /// authority.
  std::string certificate;
  /// The private key of the certificate, without a passphrase.
  std::string key;
  /// The authorities whose certificates other processes may have.
  std::string ca_file;
};

/// Says whether all files are named and can be read, and whether no other user
/// can read the key. Error: `ec::invalid_argument`, with what to do.
[[nodiscard]] caf::error check_files(const tls_files& what);

} // namespace onewriter::node
