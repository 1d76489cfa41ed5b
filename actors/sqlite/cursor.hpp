#pragma once

#include "actors/sqlite/connection.hpp"
#include "onewriter/query.hpp"

#include <memory>

namespace onewriter::sqlite {

/// Reads the rows of one query page by page, all of one snapshot: that of the
/// first page. Must be destroyed before its connection is closed.
class cursor {
public:
  /// Prepares and binds `what`; its first row is read by the first `next`.
  /// Errors: those of `connection::run`.
  static caf::expected<std::unique_ptr<cursor>> open(connection& source,
                                                     statement what);

  cursor(const cursor&) = delete;

  cursor& operator=(const cursor&) = delete;

  /// Reads the next rows, as many as `limits` allow (`result_limits::beyond`
  /// does not matter); columns come with every page. Stops at the connection's
  /// run deadline. After the last page and after an error the snapshot is
  /// released and further calls return empty last pages. Errors: those of
  /// `connection::run`, `ec::too_big` for a row that exceeds a page.
  [[nodiscard]] caf::expected<cursor_page> next(const result_limits& limits);

private:
  cursor(connection& source, statement what, prepared_statement stmt);

  caf::error read(const result_limits& limits, result_set& rows);

  caf::error failed(int extended_code);

  connection& source_;
  // Bound without a copy, so it stays where it is.
  statement what_;
  prepared_statement stmt_;
  // Whether the statement stands on a row that no page has yet.
  bool has_row_ = false;
  bool is_done_ = false;
};

} // namespace onewriter::sqlite
