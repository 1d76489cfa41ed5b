#pragma once

#include "actors/sqlite/base/handles.hpp"
#include "onewriter/failure.hpp"
#include "onewriter/statement.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onewriter::sqlite {

/// A prepared statement with its text and its parameters.
class prepared_statement {
public:
  /// Takes over `stmt`, made from `sql`.
  prepared_statement(std::string_view sql, statement_ptr stmt);

  const std::string& sql() const {
    return sql_;
  }

  sqlite3_stmt* get() const {
    return stmt_.get();
  }

  /// Whether the statement has columns, that is, may return rows.
  bool has_columns() const {
    return has_columns_;
  }

  /// Whether running it changes the schema.
  bool changes_schema() const {
    return changes_schema_;
  }

  void note_schema_change() {
    changes_schema_ = true;
  }

  /// Fails with `ec::invalid_parameters` if numbers are left out, as in
  /// `VALUES(?1, ?3)`.
  [[nodiscard]] caf::error check_numbering() const;

  /// Binds the values of `what`, which has to live until `unbind`. Errors:
  /// `ec::invalid_parameters`, `ec::invalid_text`, `ec::not_a_number`,
  /// `ec::too_big`.
  [[nodiscard]] caf::error bind(const statement& what, uint64_t max_bytes);

  /// Binds `count` values by position, which have to live until `unbind`.
  [[nodiscard]] caf::error bind(const value* values, size_t count,
                                uint64_t max_bytes);

  /// Resets the statement and releases its values.
  void unbind() noexcept;

private:
  struct parameter {
    std::string name;
    int index;
  };

  caf::error bind_one(int index, const value& x, uint64_t max_bytes);

  caf::error bind_named(const statement& what, uint64_t max_bytes);

  caf::error check_all_bound() const;

  const parameter* find(std::string_view name) const;

  caf::error unknown(const std::string& name) const;

  caf::error wrong_count(size_t given) const;

  caf::error fail(ec code, std::string message) const;

  // Returns the name of the parameter `index` for people: ":name" or "number
  // 3".
  std::string call(int index) const;

  std::string sql_;
  statement_ptr stmt_;
  int parameter_count_;
  bool has_columns_;
  bool changes_schema_ = false;
  // Those with a name, sorted by it. Copies: SQLite's own go away when it
  // prepares the statement again.
  std::vector<parameter> names_;
  // Which parameters have a value; kept for its memory.
  std::vector<bool> is_bound_;
};

/// Resets and unbinds a statement on every way out of a function.
class unbind_guard {
public:
  explicit unbind_guard(prepared_statement& x) : what_{x} {
    // nop
  }

  unbind_guard(const unbind_guard&) = delete;

  unbind_guard& operator=(const unbind_guard&) = delete;

  ~unbind_guard() {
    what_.unbind();
  }

private:
  prepared_statement& what_;
};

} // namespace onewriter::sqlite
