#pragma once

#include "app/commands/restore/file_copy.hpp"
#include "onewriter/failure.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace onewriter::node {

/// What to restore.
struct restore_request {
  using copy_function = std::function<caf::error(
    const std::string& from, int to, const std::function<bool()>& stopped)>;

  std::string backup;
  /// The database that the backup becomes.
  std::string file;
  /// Whether `file` may exist. It is kept then, under another name.
  bool force = false;
  /// Asked from time to time; what was begun is undone once it returns true.
  std::function<bool()> stopped = [] {
    return false;
  };
  /// Tests pass their own.
  copy_function copy = copy_content;
};

struct restore_receipt {
  std::string path;
  uint64_t bytes = 0;
  /// Where the old file is, with its log; empty if there was none.
  std::string kept;
};

/// Puts a copy of a backup in the place of a database file.
///
/// The backup is checked, copied to a temporary file beside the database,
/// synced and checked again. Only then does an old file, and its log and
/// journal, get the name `<file>.before-restore-N`, and the copy gets the name
/// of the file. At no time is an old log beside the new file, where SQLite
/// would apply it, nor is any file without a name: after a crash the old file
/// is found under one of its two names. After an error everything is as it was.
///
/// Errors: `ec::target_exists` without `force`; `ec::busy` where any process
/// has the file open, or owns it; `ec::invalid_argument` where both are the
/// same file; `ec::cannot_open` for a backup that has a log or is missing;
/// `ec::not_a_database`, `ec::corrupt`, `ec::disk_full`, `ec::io_error`,
/// `ec::read_only`, `ec::cancelled`. Programs other than onewriter that open
/// the file between the look at its users and the end are not noticed.
[[nodiscard]] caf::expected<restore_receipt>
restore_file(const restore_request& what);

} // namespace onewriter::node
