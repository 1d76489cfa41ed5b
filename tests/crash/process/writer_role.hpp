#pragma once

#include "tests/crash/process/crash_config.hpp"

namespace onewriter::test {

/// Owns the database and runs its clients, as the driver has ordered, until
/// SIGTERM. Returns the exit status.
int run_writer(crash_config& cfg);

} // namespace onewriter::test
