#pragma once

#include "tests/sqlite/child_process.hpp"

#include <cstdint>
#include <string>

namespace onewriter::test {

/// What a database does while a deed happens.
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

/// Where the parent and the owner find things.
struct deed_paths {
  std::string database;
  /// Lists, one number a line: acknowledged rows that were sent before the deed
  /// was done, and after it.
  std::string before;
  std::string later;
};

/// Owns a database in this process, at the given moment of its life. Says
/// "ready" to the parent, which does the deed and says so; then "settled" when
/// all callers have their outcomes or the writer has been restarted without
/// success more often than failures may be counted, whereupon the parent may
/// take the deed back and says so; then a report of four lines: the outcomes of
/// all writes since "ready", each once; what came of the cursor; the outcomes
/// of one more write and a query, and whether the statistics add up; the
/// database's state, with what closing it came to. Nothing has the file open
/// when the process has ended.
void own_for_deed(talk_end& parent, moment when, const deed_paths& paths);

} // namespace onewriter::test
