#pragma once

#include "onewriter/failure.hpp"

#include <string>
#include <vector>

namespace onewriter::node {

/// Returns which process has one of the files open, as far as /proc shows it,
/// this one included: "process 123 (sqlite3)"; empty where none has. Files that
/// do not exist are open nowhere. Processes of other users are visible to root
/// only.
[[nodiscard]] std::string user_of(const std::vector<std::string>& paths);

/// Returns which other process has a lock of SQLite's kind on one of the files,
/// of any user; empty where none has. Must not be called for files that
/// this process has open: closing a file ends all locks of a process on it.
/// Error: `ec::cannot_open` for a file that may not be read.
[[nodiscard]] caf::expected<std::string>
locker_of(const std::vector<std::string>& paths);

} // namespace onewriter::node
