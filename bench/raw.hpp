#pragma once

#include "actors/options.hpp"
#include "bench/measurement.hpp"

namespace onewriter::bench {

/// One thread that inserts through SQLite's C API, with the same PRAGMAs as
/// onewriter's writer, a prepared statement, and `rows_per_transaction` rows in
/// each transaction: what SQLite itself can do.
measurement run_raw(const options& opts, size_t rows_per_transaction,
                    std::chrono::nanoseconds length);

} // namespace onewriter::bench
