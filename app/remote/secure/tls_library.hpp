#pragma once

#include "app/core/tls_files.hpp"

namespace onewriter::node {

/// Sets what all TLS connections of this process have that are made from now
/// on, and that CAF has no option for: TLS 1.3 only, which leaves no weak
/// ciphers; and an error of one connection is never taken for one of another.
/// To be called before CAF's module is started. Any thread; later calls do
/// nothing.
void set_up_tls_library();

/// Says whether OpenSSL takes the files, and whether the key is that of the
/// certificate. Error: `ec::invalid_argument`.
[[nodiscard]] caf::error check_content(const tls_files& what);

} // namespace onewriter::node
