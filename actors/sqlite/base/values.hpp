#pragma once

#include "onewriter/value.hpp"

#include <cstdint>

struct sqlite3_stmt;

namespace onewriter::sqlite {

/// Binds `x` to parameter `index`, from 1, without a copy: `x` has to live
/// until the statement is unbound. Returns SQLite's result code. Values that
/// SQLite would change (NaN, invalid UTF-8) must be refused before.
int bind_value(sqlite3_stmt* stmt, int index, const value& x);

/// Adds the size of the cell at `column`, from 0, to `sum`, as `value::bytes`
/// computes it. Returns false if there is no memory to read it; `read_cell`
/// must not be called then.
[[nodiscard]] bool cell_bytes(sqlite3_stmt* stmt, int column, uint64_t& sum);

/// Copies the cell at `column`, from 0, of the row that `stmt` stands on.
value read_cell(sqlite3_stmt* stmt, int column);

} // namespace onewriter::sqlite
