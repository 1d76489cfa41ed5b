#pragma once

#include "app/core/tls_files.hpp"
#include "app/remote/remote_address.hpp"
#include "onewriter/options.hpp"
#include "onewriter/protocol.hpp"

namespace onewriter::node {

/// Starts an actor that passes requests on to a database of a service on
/// another machine, and the replies back, as `onewriter::open` does in a
/// process that is not the owner. Where the connection is lost, another is
/// made, and requests are sent again: after `options::lock_patience` without
/// one they get `ec::unavailable`, or `ec::outcome_unknown` where they may have
/// been carried out.
///
/// Where the first connection fails, each request gets the reason:
/// `ec::unavailable` if the service cannot be reached or refuses the
/// certificate, `ec::invalid_argument` if it has no such database or another
/// version of the protocol. Errors: `ec::invalid_argument` for files that are
/// no use, `ec::missing_feature` where this program was built without TLS.
[[nodiscard]] caf::expected<database_actor>
spawn_remote_database(caf::actor_system& sys, const remote_address& where,
                      const tls_files& files, options opts);

} // namespace onewriter::node
