// CAF's middleman over TLS, for CAF 0.17 and 1.x.
#pragma once

#include "messages/compat/network.hpp"

#include <caf/openssl/all.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace onewriter::compat {

/// Adds TLS to the system of `cfg`, which has the middleman. All are paths of
/// PEM files. Both sides need a certificate: with these options, CAF makes
/// OpenSSL refuse peers without one (SSL_VERIFY_FAIL_IF_NO_PEER_CERT).
inline void load_tls(caf::actor_system_config& cfg,
                     const std::string& certificate, const std::string& key,
                     const std::string& ca_file) {
  cfg.load<caf::openssl::manager>();
  cfg.set(ONEWRITER_CAF_KEY("openssl.certificate"), certificate);
  cfg.set(ONEWRITER_CAF_KEY("openssl.key"), key);
  cfg.set(ONEWRITER_CAF_KEY("openssl.cafile"), ca_file);
}

/// As `connect`, over TLS.
template <class Handle>
caf::expected<Handle> connect_over_tls(caf::actor_system& sys,
                                       const std::string& host, uint16_t port,
                                       std::chrono::nanoseconds limit) {
  return connect_through<Handle>(sys, sys.openssl_manager().actor_handle(),
                                 host, port, limit);
}

} // namespace onewriter::compat
