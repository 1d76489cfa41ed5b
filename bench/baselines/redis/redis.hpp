#pragma once

#include "bench/measure/backend.hpp"

#include <vector>

namespace onewriter::bench {

/// A stream in Redis as the queue in front of the file: clients add entries,
/// one consumer writes up to 100 of them per transaction, acknowledges after
/// the commit, tries again what failed, and moves what fails three times to
/// another stream. The server is private to a run, behind a socket in a folder
/// beside the database, and as durable as the database is: it syncs each
/// command, or each second. Empty where no `redis-server` is in the PATH, or
/// where hiredis was missing at build time.
std::vector<backend> redis_if_installed();

} // namespace onewriter::bench
