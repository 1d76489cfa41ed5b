#pragma once

#include "app/remote/remote_address.hpp"
#include "app/remote/tls_files.hpp"
#include "onewriter/log.hpp"
#include "onewriter/protocol.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace onewriter::node {

/// Admits processes of other machines to databases for as long as it exists:
/// those with a certificate of an authority that the files name. Belongs to a
/// thread that is no actor.
class remote_listener {
public:
  /// By the names that others know them by.
  using database_map = std::map<std::string, database_actor>;

  /// Receives lines about those who come and go, by database. Any thread may
  /// call it.
  using peer_log
    = std::function<void(const std::string& database, std::string_view line)>;

  /// Errors: `ec::invalid_argument` for files that are no use,
  /// `ec::unavailable` where `where` cannot be listened at,
  /// `ec::missing_feature` where this program was built without TLS.
  static caf::expected<std::unique_ptr<remote_listener>>
  open(const endpoint& where, const tls_files& files, database_map databases,
       peer_log log);

  remote_listener() = default;

  remote_listener(const remote_listener&) = delete;

  remote_listener& operator=(const remote_listener&) = delete;

  virtual ~remote_listener() = default;

  /// The port, also where the system has chosen it.
  virtual uint16_t port() const = 0;
};

} // namespace onewriter::node
