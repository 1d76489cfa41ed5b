#pragma once

#include "app/remote/remote_address.hpp"

#include <string>

namespace onewriter::node {

/// Finds out why this process cannot listen at `where`, by trying it once more;
/// `reason` is what CAF says, which does not tell the causes apart. Blocks
/// while the name of the host is looked up. Returns `ec::invalid_argument` for
/// what another attempt does not help: a host that does not exist or is another
/// machine, a port that this user may not have; else `ec::unavailable`: the
/// port is in use, or names cannot be looked up at the moment.
[[nodiscard]] caf::error listen_problem(const endpoint& where,
                                        const std::string& reason);

} // namespace onewriter::node
