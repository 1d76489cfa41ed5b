#pragma once

#include "onewriter/query.hpp"
#include "tests/oracle/raw_database.hpp"

#include <string>

namespace onewriter::test {

/// An external reader: holds a snapshot for as long as it runs, so that no
/// checkpoint can restart the log.
class log_pin {
public:
  /// Pins the log of the file. Leaves the log as it is in the end, even where
  /// no other connection is open.
  explicit log_pin(const std::string& path);

private:
  raw_database db_;
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
