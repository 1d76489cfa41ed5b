#pragma once

#include "actors/sqlite/connection.hpp"

namespace onewriter::sqlite {

/// Makes `onewriter_offset(table)` known to a connection, an auxiliary function
/// of FTS5 (https://sqlite.org/fts5.html#custom_auxiliary_functions): in a
/// query with MATCH it returns where in the first column the first match
/// starts, in bytes from 0; NULL where that column has none. Exact whatever the
/// text holds: the column is cut into tokens again, and the one that matched
/// says where it begins. To be called once per connection; again does no harm.
/// Error: `ec::missing_feature` where this SQLite has no FTS5.
[[nodiscard]] caf::error register_fts5_offset(connection& db);

} // namespace onewriter::sqlite
