#pragma once

#include "app/core/tls_files.hpp"
#include "app/remote/remote_address.hpp"
#include "onewriter/log.hpp"
#include "onewriter/protocol.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace onewriter::node {

/// Limits on what those can do who connect to a port.
struct listen_limits {
  /// Connections that have not yet shown a certificate. Each takes a file
  /// descriptor and a session of OpenSSL, some 100 KB; an honest one takes
  /// milliseconds.
  size_t max_strangers = 64;
  /// All connections. The default leaves half of the 1,024 descriptors that a
  /// process usually may have. Each process of another machine has one for each
  /// database that it has joined.
  size_t max_connections = 512;
  /// After so long without a message a connection is closed. The default is
  /// four of the signs of life that onewriter's processes send.
  std::chrono::nanoseconds max_silence{std::chrono::seconds{20}};
};

/// Admits processes of other machines to databases for as long as it exists:
/// those with a certificate of an authority that the files name. Belongs to a
/// thread that is no actor.
class remote_listener {
public:
  /// Receives lines about those who come and go, by database; an empty name
  /// means all. Any thread may call it.
  using peer_log = std::function<void(
    log_level level, const std::string& database, std::string_view line)>;

  /// `names` are those of the databases. Errors: `ec::invalid_argument` for
  /// files that are no use and for an address that is not one of this machine,
  /// `ec::unavailable` where the port is taken, `ec::missing_feature` where
  /// this program was built without TLS.
  static caf::expected<std::unique_ptr<remote_listener>>
  open(const endpoint& where, const tls_files& files,
       const std::vector<std::string>& names, const listen_limits& limits,
       peer_log log);

  remote_listener() = default;

  remote_listener(const remote_listener&) = delete;

  remote_listener& operator=(const remote_listener&) = delete;

  virtual ~remote_listener() = default;

  /// The port, also where the system has chosen it.
  virtual uint16_t port() const = 0;

  /// Reads the files again, or others, for connections that come from now on.
  /// Errors: `ec::invalid_argument` for files that are no use: those of before
  /// stay.
  [[nodiscard]] virtual caf::error renew(const tls_files& files) = 0;

  /// Lets others join the database `name`, which is open now. Before, they get
  /// `ec::unavailable`.
  virtual void admit(const std::string& name, const database_actor& database)
    = 0;

  /// Ends what `admit` has begun: those who have joined are cut off.
  virtual void turn_away(const std::string& name) = 0;
};

} // namespace onewriter::node
