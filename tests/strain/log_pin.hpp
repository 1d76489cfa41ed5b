#pragma once

#include "onewriter/query.hpp"

#include <string>

struct sqlite3;

namespace onewriter::test {

/// An external reader: holds a snapshot for as long as it runs, so that no
/// checkpoint can restart the log.
class log_pin {
public:
  /// Pins the log of the file; `is_held` says whether that succeeded.
  explicit log_pin(const std::string& path);

  log_pin(const log_pin&) = delete;

  log_pin& operator=(const log_pin&) = delete;

  /// Leaves the log as it is, even where no other connection is open.
  ~log_pin();

  bool is_held() const {
    return held_;
  }

private:
  sqlite3* db_ = nullptr;
  bool held_ = false;
};

/// Returns a cursor that does the same from its first page on: it has a row a
/// page, and more pages than any test reads.
open_cursor pinning_cursor();

/// Copies a database and its log, without the shared memory: what a process
/// leaves that is killed now. Opening the copy recovers the log. Copies again
/// where the writer changes the log during that; a checkpoint may be going
/// on.
void copy_as_if_killed(const std::string& from, const std::string& to);

} // namespace onewriter::test
