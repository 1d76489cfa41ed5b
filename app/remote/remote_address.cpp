#include "app/remote/remote_address.hpp"

#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace onewriter::node {

namespace {

constexpr std::string_view scheme = "onewriter://";

std::optional<uint16_t> parse_port(std::string_view text) {
  uint16_t result = 0;
  auto end = text.data() + text.size();
  auto [rest, problem] = std::from_chars(text.data(), end, result);
  if (text.empty() || problem != std::errc{} || rest != end)
    return std::nullopt;
  return result;
}

caf::error no_endpoint(const std::string& text) {
  return make_failure(ec::invalid_argument,
                      "'" + text
                        + "' is not HOST:PORT, for instance "
                          "db.example.com:4711 or [::1]:4711");
}

} // namespace

caf::expected<endpoint> parse_endpoint(const std::string& text) {
  auto colon = text.rfind(':');
  if (colon == text.npos || colon == 0)
    return no_endpoint(text);
  auto port = parse_port(std::string_view{text}.substr(colon + 1));
  if (!port)
    return no_endpoint(text);
  endpoint result{text.substr(0, colon), *port};
  auto& host = result.host;
  auto in_brackets = host.front() == '[' && host.back() == ']';
  if (in_brackets)
    host = host.substr(1, host.size() - 2);
  if (host.empty() || in_brackets != (host.find(':') != host.npos)
      || host.find_first_of("[]/") != host.npos)
    return no_endpoint(text);
  return result;
}

std::string to_string(const endpoint& x) {
  auto port = ':' + std::to_string(x.port);
  return x.host.find(':') == x.host.npos ? x.host + port
                                         : '[' + x.host + ']' + port;
}

bool is_address(const std::string& text) {
  return text.compare(0, scheme.size(), scheme) == 0;
}

caf::expected<remote_address> parse_address(const std::string& text) {
  auto slash = text.find('/', scheme.size());
  if (!is_address(text) || slash == text.npos || slash + 1 == text.size()
      || text.find('/', slash + 1) != text.npos)
    return make_failure(ec::invalid_argument,
                        "'" + text
                          + "' is not onewriter://HOST:PORT/DATABASE, for "
                            "instance onewriter://db.example.com:4711/shop.db");
  auto where
    = parse_endpoint(text.substr(scheme.size(), slash - scheme.size()));
  if (!where)
    return where.error();
  if (where->port == 0)
    return make_failure(ec::invalid_argument, "'" + text + "' has no port");
  return remote_address{std::move(*where), text.substr(slash + 1)};
}

std::string to_string(const remote_address& x) {
  return std::string{scheme} + to_string(x.where) + '/' + x.database;
}

} // namespace onewriter::node
