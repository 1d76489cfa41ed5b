#pragma once

#include "onewriter/query.hpp"

#include <cstdint>

struct sqlite3_stmt;

namespace onewriter::sqlite {

/// The treatment of rows beyond a limit.
enum class on_limit : uint8_t {
  /// They are omitted and `result_set::truncated` is set: for queries.
  truncate,
  /// The statement fails with `ec::too_big`: for RETURNING, whose omitted rows
  /// would be lost.
  fail,
};

/// The limits of one result. A first row that exceeds `max_bytes` by itself is
/// always `ec::too_big`: cut off it would look like no row at all.
struct result_limits {
  /// 1 or more.
  uint64_t max_rows = 100'000;
  /// Measured as `result_set::bytes` does, 1 or more.
  uint64_t max_bytes = 64 * 1024 * 1024;
  on_limit beyond = on_limit::truncate;
};

/// The reason why reading stopped.
enum class row_state : uint8_t {
  /// There are no more rows.
  done,
  /// The statement stands on a row that does not fit any more.
  more,
  /// Stepping failed; ask SQLite why.
  failed,
  /// The row that the statement stands on does not fit, although it is the
  /// first.
  too_big,
};

/// Appends the names and declared types of the columns of `stmt` to `result`.
void read_columns(sqlite3_stmt* stmt, result_set& result);

/// Appends the row that `stmt` stands on and those that follow to
/// `result.rows`, as far as they fit. The first row has been stepped to.
row_state read_rows(sqlite3_stmt* stmt, const result_limits& limits,
                    result_set& result);

} // namespace onewriter::sqlite
