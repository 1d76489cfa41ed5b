#pragma once

#include "app/audit/core/facts.hpp"

#include <chrono>
#include <string>

namespace onewriter::node {

/// How a file is opened to be checked. Neither way writes, checkpoints, runs a
/// recovery or deletes a file.
enum class check_access : uint8_t {
  /// No process uses the file and it has no log: it is read without locks
  /// (https://sqlite.org/uri.html#uriimmutable).
  unused,
  /// As one more reader, with locks: until it ends a log cannot start again,
  /// nor
  /// can a writer commit that has a rollback journal, and a process that closes
  /// the file last leaves its log behind. Of the index of the log, only what is
  /// there is used. SQLite creates a log if there should be one and is not
  /// (https://sqlite.org/wal.html#read_only_databases), so there has to be one.
  in_use,
};

/// Runs `PRAGMA quick_check`, or `integrity_check` if `is_full`, for at most
/// `limit`. Takes place on the thread of the caller, with another one that
/// stops it.
[[nodiscard]] integrity_facts check_integrity(const std::string& path,
                                              check_access how, bool is_full,
                                              std::chrono::nanoseconds limit);

} // namespace onewriter::node
