#pragma once

#include "actors/sqlite/connection.hpp"
#include "onewriter/row.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace onewriter {

/// Runs onewriter's own statements up to the first that fails, and skips all
/// others, so that a function with several statements checks for errors once,
/// at its end. In between, a missing row can therefore mean that a statement
/// failed.
class sticky_sql {
public:
  explicit sticky_sql(sqlite::connection& db) : db_{db} {
    // nop
  }

  sqlite::connection& db() {
    return db_;
  }

  bool ok() const {
    return error_ == caf::none;
  }

  const caf::error& error() const {
    return error_;
  }

  /// Keeps the first error, if `what` is one.
  void check(caf::error what) {
    if (ok() && what != caf::none)
      error_ = std::move(what);
  }

  /// Runs a statement and returns its first row, if it has one.
  template <class... Ts>
  std::optional<row> run(std::string_view sql, Ts&&... xs) {
    if (!ok())
      return std::nullopt;
    auto rows = db_.run_internal(sql, std::forward<Ts>(xs)...);
    if (!rows) {
      error_ = std::move(rows.error());
      return std::nullopt;
    }
    if (rows->rows.empty())
      return std::nullopt;
    return std::move(rows->rows.front());
  }

  /// Returns `x`, or the error.
  template <class T>
  caf::expected<T> result(T x) const {
    if (!ok())
      return error_;
    return caf::expected<T>{std::move(x)};
  }

private:
  sqlite::connection& db_;
  caf::error error_;
};

} // namespace onewriter
