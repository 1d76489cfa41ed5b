#pragma once

#include <optional>

#include <sys/types.h>

namespace onewriter {

/// Returns the user who has made the connection `socket` from this machine,
/// over IPv4; nothing if the kernel does not tell, or the other side has closed
/// it. Reads /proc/net/tcp (proc_net_tcp in the kernel's documentation), which
/// takes some microseconds for each connection of the machine.
std::optional<uid_t> user_of_peer(int socket);

/// Returns whether a process of this user may reach the databases of this
/// process: it may read their files anyway.
bool is_trusted(uid_t user);

} // namespace onewriter
