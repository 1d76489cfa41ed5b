#pragma once

#include <string>
#include <vector>

namespace onewriter::node {

/// Returns what is wrong with `log` as the name of a log file beside the
/// databases `files`: lines that are appended to a database, or to its log,
/// damage it. Empty where nothing is. Opens no file: closing one of a database
/// would release SQLite's locks
/// (https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
[[nodiscard]] std::string
problem_of_log_file(const std::string& log,
                    const std::vector<std::string>& files);

} // namespace onewriter::node
