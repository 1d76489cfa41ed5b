#pragma once

#include "onewriter/compat/inspection.hpp"
#include "onewriter/statistics.hpp"

#include <caf/actor.hpp>

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

/// Asks to copy a snapshot of the database to another file while it stays in
/// use. Reply: a `backup_receipt`, after the copy was verified, synced and
/// renamed to `path`. Retry: safe. Errors: `ec::target_exists`,
/// `ec::cannot_open`, `ec::disk_full`, `ec::io_error`, `ec::corrupt`,
/// `ec::unavailable` after a sync of the database file that failed.
struct backup {
  std::string path;
  /// Whether an existing file is replaced.
  bool overwrite = false;
  /// Receives `backup_progress` messages; may be empty.
  caf::actor listener;
};

template <class Inspector>
auto inspect(Inspector& f, backup& x) {
  return compat::inspect_object(f, x, compat::field("path", x.path),
                                compat::field("overwrite", x.overwrite),
                                compat::field("listener", x.listener));
}

/// Reports the progress of a backup, after each step.
struct backup_progress {
  std::string path;
  int64_t done_pages = 0;
  int64_t total_pages = 0;
};

template <class Inspector>
auto inspect(Inspector& f, backup_progress& x) {
  return compat::inspect_object(f, x, compat::field("path", x.path),
                                compat::field("done_pages", x.done_pages),
                                compat::field("total_pages", x.total_pages));
}

/// Confirms a verified copy.
struct backup_receipt {
  std::string path;
  uint64_t bytes = 0;
  /// Number of the last commit that the copy contains.
  uint64_t commit = 0;
};

template <class Inspector>
auto inspect(Inspector& f, backup_receipt& x) {
  return compat::inspect_object(f, x, compat::field("path", x.path),
                                compat::field("bytes", x.bytes),
                                compat::field("commit", x.commit));
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

/// Asks to close the database in order. Requests that come later get
/// `ec::closed`. Reply: a `close_receipt` when the file is closed. Retry: safe,
/// every `close` gets the same receipt. Error: the one that the database gave
/// up with, as soon as none of its connections has the file open.
struct close {
  /// Whether to carry out the requests accepted before; otherwise they are
  /// answered with `ec::closed` (index jobs from files continue when the file
  /// is opened the next time).
  bool drain = true;
  /// How long to drain; remaining requests are answered with `ec::closed`.
  std::chrono::nanoseconds limit{std::chrono::seconds{30}};
};

template <class Inspector>
auto inspect(Inspector& f, close& x) {
  return compat::inspect_object(f, x, compat::field("drain", x.drain),
                                compat::field("limit", x.limit));
}

/// Reports how the database was closed.
struct close_receipt {
  /// Whether all accepted requests were carried out.
  bool drained = false;
  /// Requests that were answered with `ec::closed` instead.
  uint64_t refused = 0;
  /// Whether the write-ahead log was copied and removed. False if another
  /// program has the file open.
  bool log_removed = false;
  /// Number of the last commit.
  uint64_t commit = 0;
  /// Statistics when the file was closed.
  statistics final_statistics;
};

template <class Inspector>
auto inspect(Inspector& f, close_receipt& x) {
  return compat::inspect_object(
    f, x, compat::field("drained", x.drained),
    compat::field("refused", x.refused),
    compat::field("log_removed", x.log_removed),
    compat::field("commit", x.commit),
    compat::field("final_statistics", x.final_statistics));
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
  /// because one connection makes all commits and all checkpoints.
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
