#pragma once

#include "app/core/tls_files.hpp"

#include <cstdint>
#include <string>

namespace onewriter::test {

/// What a client of TLS shows.
struct stranger_options {
  /// Empty names mean no certificate.
  node::tls_files files;
  /// Whether TLS 1.2 is the newest that it knows.
  bool is_old = false;
};

/// Connects to a port of this machine with OpenSSL alone, believes any server,
/// and reads until the server ends the connection. Returns "refused" where it
/// got no byte of the server's application, else what it got.
std::string bytes_for_stranger(uint16_t port, const stranger_options& how);

/// Connects to a port of this machine, sends `bytes`, and reads until the
/// server ends the connection. Returns how many bytes came that are not an
/// alert of TLS.
size_t bytes_for_noise(uint16_t port, const std::string& bytes);

/// A connection to a port of this machine that says nothing.
class silent_connection {
public:
  explicit silent_connection(uint16_t port);

  silent_connection(const silent_connection&) = delete;

  silent_connection& operator=(const silent_connection&) = delete;

  ~silent_connection();

  /// Blocks until the server closes it, for a minute at most. Returns whether
  /// it did, without having said anything.
  bool is_closed();

private:
  int file_;
};

/// Connects and leaves.
void knock(uint16_t port);

} // namespace onewriter::test
