#pragma once

#include "actors/sqlite/connection.hpp"

#include <string>

namespace onewriter::sqlite {

/// Looks for what keeps statements on onewriter's own tables from doing what
/// they say: a foreign key of another table that refers to one of them, or a
/// trigger or an index on one of them. Returns a sentence that names the first,
/// empty where there is none. Errors: as for `connection::run`.
///
/// An authorizer cannot find these: it is asked about actions, not about what a
/// schema means. Reads all of `sqlite_schema`, so its cost grows with the
/// number of tables.
[[nodiscard]] caf::expected<std::string> find_obstacle(connection& db);

/// Looks for what a request must not leave, which is more: also temporary
/// objects, which no other connection sees and which vanish with the writer;
/// triggers that write to onewriter's tables, for they would fail the writes of
/// other callers; and a virtual table called "onewriter", for the tables that
/// it keeps its content in would have names that are onewriter's. A view that
/// reads onewriter's tables is harmless.
[[nodiscard]] caf::expected<std::string> find_violation(connection& db);

} // namespace onewriter::sqlite
