#pragma once

#include "bench/measure/backend.hpp"

namespace onewriter::bench {

/// Two pools of connections: one for readers and, because SQLite lets only one
/// write, another one of size 1. Threads wait for a connection, not for the
/// lock. Each thread has one write on its way at a time, regardless of the
/// task.
backend split();

} // namespace onewriter::bench
