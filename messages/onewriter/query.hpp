#pragma once

#include "onewriter/compat/inspection.hpp"
#include "onewriter/row.hpp"
#include "onewriter/statement.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace onewriter {

/// One column of a result.
struct column {
  std::string name;
  /// The type in the CREATE TABLE statement; empty for an expression.
  std::string declared_type;
};

template <class Inspector>
auto inspect(Inspector& f, column& x) {
  return compat::inspect_object(
    f, x, compat::field("name", x.name),
    compat::field("declared_type", x.declared_type));
}

/// Rows with their columns.
struct result_set {
  std::vector<column> columns;
  std::vector<row> rows;
  /// Whether a limit cut off the rows; a cursor reads all of them.
  bool truncated = false;

  /// Returns the approximate size of the result in memory.
  size_t bytes() const;
};

template <class Inspector>
auto inspect(Inspector& f, result_set& x) {
  return compat::inspect_object(f, x, compat::field("columns", x.columns),
                                compat::field("rows", x.rows),
                                compat::field("truncated", x.truncated));
}

/// Renders one row per line, cells as SQL literals separated by `|`.
std::string to_string(const result_set& x);

/// Asks for the rows of one statement that changes nothing.
///
/// Reply: a `result_set`, one snapshot, which contains every write whose
/// receipt was sent before the query. Retry: safe. Errors: `ec::not_a_query`,
/// `ec::deadline_exceeded` (while waiting or while running), `ec::overloaded`,
/// and those of every statement.
struct query {
  statement what;
  /// Rows after which the result is cut off; zero means the database's limit.
  uint64_t max_rows = 0;
  /// Bytes after which the result is cut off; zero means the database's limit.
  /// A first row that is larger by itself is an error, `ec::too_big`: an empty
  /// result would say that there is no row.
  uint64_t max_bytes = 0;
  /// How long the query may take, from when the database receives it; zero
  /// means the database's limit. A running query keeps the write-ahead log from
  /// being reused, therefore there is always a limit.
  std::chrono::nanoseconds deadline{0};

  query() = default;

  template <class... Ts>
  explicit query(std::string sql, Ts&&... xs)
    : what{std::move(sql), std::forward<Ts>(xs)...} {
    // nop
  }
};

template <class Inspector>
auto inspect(Inspector& f, query& x) {
  return compat::inspect_object(f, x, compat::field("what", x.what),
                                compat::field("max_rows", x.max_rows),
                                compat::field("max_bytes", x.max_bytes),
                                compat::field("deadline", x.deadline));
}

/// Asks for a cursor: an actor that hands out the rows of a query page by page,
/// all of one snapshot.
///
/// Reply: a `cursor_actor`; ask it with `next_page`. Limits of the query apply
/// to each page. The cursor ends with its last page, with `close_cursor`, after
/// `idle_limit` without a request, or after the database's limit on the
/// lifetime of a cursor, which exists because a cursor keeps the write-ahead
/// log from being reused. The message of `ec::cursor_closed` says which.
/// Errors: as for `query`, and `ec::overloaded` if too many cursors are open.
struct open_cursor {
  query what;
  /// How long the cursor may be idle; zero means the database's limit. Values
  /// above the limit on its lifetime have no effect.
  std::chrono::nanoseconds idle_limit{0};
};

template <class Inspector>
auto inspect(Inspector& f, open_cursor& x) {
  return compat::inspect_object(f, x, compat::field("what", x.what),
                                compat::field("idle_limit", x.idle_limit));
}

/// Asks a cursor for its next rows. Reply: a `cursor_page`.
struct next_page {};

template <class Inspector>
auto inspect(Inspector& f, next_page& x) {
  return compat::inspect_object(f, x);
}

/// Ends a cursor before its last page. Reply: nothing.
struct close_cursor {};

template <class Inspector>
auto inspect(Inspector& f, close_cursor& x) {
  return compat::inspect_object(f, x);
}

/// Some rows of a cursor, in order.
struct cursor_page {
  result_set rows;
  /// Whether these were the last rows; the cursor has ended then.
  bool last = false;
};

template <class Inspector>
auto inspect(Inspector& f, cursor_page& x) {
  return compat::inspect_object(f, x, compat::field("rows", x.rows),
                                compat::field("last", x.last));
}

} // namespace onewriter
