#pragma once

#include "app/audit/core/facts.hpp"

#include <string>

namespace onewriter::node {

/// Finds the file at `path`, its name without links, its header and the files
/// beside it. Returns why it cannot be audited, on one line: it does not exist,
/// is a folder, not readable, or not a database. Empty if it can.
[[nodiscard]] std::string find_database(const std::string& path,
                                        audit_facts& result);

/// Returns the beginning of the rollback journal if it holds a transaction;
/// empty if there is none, or one that has been committed
/// (https://sqlite.org/fileformat2.html#rollbackjournal).
[[nodiscard]] std::string journal_beginning(const std::string& path);

} // namespace onewriter::node
