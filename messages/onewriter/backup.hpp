#pragma once

#include "onewriter/compat/inspection.hpp"

#include <caf/actor.hpp>

#include <cstdint>
#include <string>

namespace onewriter {

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

} // namespace onewriter
