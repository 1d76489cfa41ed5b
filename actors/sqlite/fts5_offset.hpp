#pragma once

#include "actors/sqlite/connection.hpp"

namespace onewriter::sqlite {

/// Registers `onewriter_offset(table)` with a connection, an auxiliary function
/// of FTS5 (https://sqlite.org/fts5.html#custom_auxiliary_functions): in a
/// query with MATCH it returns where in the first column the first match
/// starts, in bytes from 0; NULL if that column has none. Exact for any text:
/// the column is cut into tokens again, and the offset is that of the matching
/// token. Must be called once per connection; further calls are harmless.
/// Error: `ec::missing_feature` if this SQLite has no FTS5.
[[nodiscard]] caf::error register_fts5_offset(connection& db);

} // namespace onewriter::sqlite
