#pragma once

#include "onewriter/compat/inspection.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace onewriter {

/// Asks to copy the write-ahead log into the database file. Reply: a
/// `checkpoint_receipt`. Retry: safe.
struct checkpoint {
  /// Whether to wait for readers, at most the writer's busy timeout, and to
  /// truncate the log to zero bytes (SQLite's TRUNCATE instead of PASSIVE).
  bool truncate = false;
};

template <class Inspector>
auto inspect(Inspector& f, checkpoint& x) {
  return compat::inspect_object(f, x, compat::field("truncate", x.truncate));
}

/// What a checkpoint achieved.
struct checkpoint_receipt {
  /// Pages in the log.
  int64_t log_pages = 0;
  /// Pages of the log that are in the database file now.
  int64_t checkpointed_pages = 0;
  /// Whether readers kept the checkpoint from completing.
  bool blocked = false;
};

template <class Inspector>
auto inspect(Inspector& f, checkpoint_receipt& x) {
  return compat::inspect_object(
    f, x, compat::field("log_pages", x.log_pages),
    compat::field("checkpointed_pages", x.checkpointed_pages),
    compat::field("blocked", x.blocked));
}

/// Asks whether the file is sound. Reply: an `integrity_report`. Retry: safe.
struct integrity_check {
  /// Whether to skip the comparison of indexes with their tables
  /// (https://sqlite.org/pragma.html#pragma_quick_check).
  bool quick = false;
  /// How long the check may take; the write-ahead log cannot be reused while it
  /// runs.
  std::chrono::nanoseconds deadline{std::chrono::minutes{10}};
};

template <class Inspector>
auto inspect(Inspector& f, integrity_check& x) {
  return compat::inspect_object(f, x, compat::field("quick", x.quick),
                                compat::field("deadline", x.deadline));
}

/// What SQLite found; empty if the file is sound.
struct integrity_report {
  /// At most 100 problems, including violated foreign keys.
  std::vector<std::string> problems;

  bool ok() const {
    return problems.empty();
  }
};

template <class Inspector>
auto inspect(Inspector& f, integrity_report& x) {
  return compat::inspect_object(f, x, compat::field("problems", x.problems));
}

/// Asks for a description of the open database. Reply: a `database_info`, as
/// soon as the database is open, or the error that keeps it from being opened.
/// Retry: safe.
struct describe_database {};

template <class Inspector>
auto inspect(Inspector& f, describe_database& x) {
  return compat::inspect_object(f, x);
}

/// The description of an open database.
struct database_info {
  std::string path;
  std::string sqlite_version;
  /// Whether this SQLite has the WAL-reset bug
  /// (https://sqlite.org/wal.html#walresetbug). It cannot be reached here,
  /// because no commit starts the log again while it is copied.
  bool has_wal_reset_bug = false;
  std::string synchronous;
  int64_t page_size = 0;
  uint32_t readers = 0;
  /// Number of the last commit when the file was opened.
  uint64_t commit = 0;
};

template <class Inspector>
auto inspect(Inspector& f, database_info& x) {
  return compat::inspect_object(
    f, x, compat::field("path", x.path),
    compat::field("sqlite_version", x.sqlite_version),
    compat::field("has_wal_reset_bug", x.has_wal_reset_bug),
    compat::field("synchronous", x.synchronous),
    compat::field("page_size", x.page_size),
    compat::field("readers", x.readers), compat::field("commit", x.commit));
}

} // namespace onewriter
