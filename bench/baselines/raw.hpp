#pragma once

#include "bench/measure/backend.hpp"

namespace onewriter::bench {

/// One thread, one connection, prepared statements, and no queue at all: the
/// limit that SQLite sets. The clients' rows are written as those of client 0,
/// as many as fit into a transaction of `rows_per_transaction`, at least one
/// write.
backend raw(size_t rows_per_transaction);

} // namespace onewriter::bench
