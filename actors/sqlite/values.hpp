#pragma once

#include "onewriter/value.hpp"

#include <cstdint>

struct sqlite3_stmt;

namespace onewriter::sqlite {

/// Binds `x` to parameter `index`, from 1, without a copy: `x` has to live
/// until the statement is unbound. Returns SQLite's result code. What SQLite
/// would store as something else (NaN, invalid UTF-8) has to be refused before.
int bind_value(sqlite3_stmt* stmt, int index, const value& x);

/// Adds what the cell at `column`, from 0, occupies to `sum`, as `value::bytes`
/// does. Returns false where there is no memory to look at it; `read_cell` must
/// not be called then.
[[nodiscard]] bool cell_bytes(sqlite3_stmt* stmt, int column, uint64_t& sum);

/// Copies the cell at `column`, from 0, of the row that `stmt` stands on.
value read_cell(sqlite3_stmt* stmt, int column);

} // namespace onewriter::sqlite
