#pragma once

#include "app/audit/core/facts.hpp"

#include <string>

namespace onewriter::node {

/// Finds the processes that have a file of the database at `path` open, with
/// the SQLite that each has loaded. Reads /proc and, for the SQLite, programs
/// and libraries; opens no file of the database. Leaves out this process.
///
/// Processes on other machines are not found, nor those that the system shows
/// to none in this container.
[[nodiscard]] process_facts scan_processes(const std::string& path,
                                           const per_part<part_state>& parts);

} // namespace onewriter::node
