#pragma once

#include "onewriter/failure.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <string>

namespace onewriter::node {

/// Where a service listens for other machines.
struct endpoint {
  /// A name or a number; an IPv6 address without its brackets.
  std::string host;
  /// 0 where the system chooses it.
  uint16_t port = 0;
};

/// Returns the endpoint `HOST:PORT`, or `[IPV6]:PORT`. Error:
/// `ec::invalid_argument`.
[[nodiscard]] caf::expected<endpoint> parse_endpoint(const std::string& text);

std::string to_string(const endpoint& x);

/// A database of a service on another machine.
struct remote_address {
  endpoint where;
  /// The name of its file there, without the folder.
  std::string database;
};

/// Whether `text` is meant to be an address rather than a file.
[[nodiscard]] bool is_address(const std::string& text);

/// Returns the address `onewriter://HOST:PORT/DATABASE`. Error:
/// `ec::invalid_argument`.
[[nodiscard]] caf::expected<remote_address>
parse_address(const std::string& text);

std::string to_string(const remote_address& x);

} // namespace onewriter::node
