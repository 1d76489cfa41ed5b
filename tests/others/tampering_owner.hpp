#pragma once

#include "tests/sqlite/child_process.hpp"

#include <cstdint>
#include <string>

namespace onewriter::test {

/// What a database does while tampering happens.
enum class moment : uint8_t {
  /// Nothing: a write comes behind it.
  idle,
  /// The writer is in the middle of a transaction.
  turn,
  /// Four callers write.
  load,
  /// The writer has failed and is not open again yet.
  restart,
  /// A cursor has the log pinned.
  cursor,
};

std::string to_string(moment x);

/// Where acknowledged rows are when the tampering happens.
enum class rows_are : uint8_t {
  /// Half of them in the file, the others only in the log.
  in_file_and_log,
  /// All of them only in the log, and their table as well.
  in_log,
};

/// The files that the parent and the owner share.
struct tampering_paths {
  std::string database;
  /// Lists, one number a line: acknowledged rows that were sent before the
  /// tampering was done, and after it.
  std::string before;
  std::string later;
};

/// Owns a database in this process, at the given moment. The protocol:
/// 1. Sends "ready". The parent tampers with the file and replies.
/// 2. Sends "settled" when all callers have their outcomes or the writer has
///    been restarted without success more often than failures may be counted.
///    The parent may undo the tampering and replies.
/// 3. Sends a report of four lines: the outcomes of all writes since "ready",
///    each once; the outcome of the cursor; the outcomes of one more write and
///    a query, and whether the statistics add up; the database's state, with
///    the outcome of closing it.
/// No process has the file open when this process has ended.
void own_during_tampering(talk_end& parent, moment when, rows_are where,
                          const tampering_paths& paths);

} // namespace onewriter::test
