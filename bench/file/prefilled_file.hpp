#pragma once

#include "bench/workload/task.hpp"

#include <cstdint>
#include <string>

namespace onewriter::bench {

/// Returns how many rows make a file of about that size.
uint64_t rows_in(uint64_t file_bytes, const row_shape& rows);

/// Copies a file with the rows that a task has before, which is made in
/// `folder` where it is not there yet, to `to`, and syncs the copy: each run
/// finds the same bytes. Throws `std::exception`.
void copy_prefilled(const std::string& folder, const task& what,
                    const std::string& to);

} // namespace onewriter::bench
