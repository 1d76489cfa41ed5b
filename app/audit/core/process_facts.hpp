#pragma once

#include "app/audit/core/file_facts.hpp"

#include <cstdint>
#include <string>
#include <vector>

// What the kernel tells about the processes that use a database.

namespace onewriter::node {

/// What a SQLite library or program has of SQLite's WAL-reset bug.
enum class reset_bug : uint8_t { no, yes, unknown };

/// A SQLite that a process has loaded.
struct sqlite_copy {
  /// The library or program that holds it.
  std::string path;
  /// "3.40.1"; empty if unknown.
  std::string version;
  /// The day of its source, "2022-12-28"; empty if unknown.
  std::string date;
  reset_bug bug = reset_bug::unknown;
};

/// How often a process has a file open.
struct handle_count {
  uint32_t reading = 0;
  /// For writing, or for both.
  uint32_t writing = 0;

  uint32_t total() const {
    return reading + writing;
  }
};

/// An open file that has no name any more.
struct lost_handle {
  file_part part = file_part::file;
  int descriptor = -1;
};

/// A process that has a file of the database open.
struct open_process {
  int64_t id = 0;
  /// Its arguments, separated by spaces.
  std::string command;
  per_part<handle_count> handles;
  std::vector<lost_handle> lost;
  /// All that it has loaded; empty if none was found.
  std::vector<sqlite_copy> libraries;
};

/// What `/proc` tells about all processes.
struct process_facts {
  std::vector<open_process> open;
  /// Processes of other users, whose open files are not told.
  uint64_t unreadable = 0;
  /// Whether `/proc` hides the processes of other users.
  bool hidden = false;
  /// Whether there is a `/proc` at all.
  bool known = true;
};

enum class lock_kind : uint8_t { posix, flock, other };

/// A line of `/proc/locks`.
struct kernel_lock {
  lock_kind kind = lock_kind::posix;
  bool exclusive = false;
  /// Asked for, and not held.
  bool waiting = false;
  /// -1 if it belongs to no single process.
  int64_t process = -1;
  sqlite::file_identity file;
  uint64_t first = 0;
  /// The last byte, inclusive; the largest number for the end of the file.
  uint64_t last = 0;
};

/// A lock on one of the files of the database.
struct file_lock : kernel_lock {
  file_part part = file_part::file;
};

} // namespace onewriter::node
