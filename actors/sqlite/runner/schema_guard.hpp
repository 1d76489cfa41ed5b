#pragma once

#include "actors/sqlite/runner/statement_runner.hpp"

#include <string>

namespace onewriter::sqlite {

/// Looks for objects that interfere with statements on onewriter's own tables:
/// a foreign key of another table that refers to one of them, or a trigger or
/// an index on one of them. Returns a sentence that names the first, empty if
/// there is none. Errors: as for `connection::run`.
///
/// An authorizer cannot find these: it is asked about actions, not about the
/// meaning of a schema. Reads all of `sqlite_schema`, so its cost grows with
/// the number of tables.
[[nodiscard]] caf::expected<std::string> find_obstacle(statement_runner& db);

/// Looks for objects that a request must not leave behind: those of
/// `find_obstacle` and also temporary objects, which no other connection sees
/// and which vanish with the writer; triggers that write to onewriter's tables,
/// because they would fail the writes of other callers; and a virtual table
/// called "onewriter", for the tables that it keeps its content in would have
/// names that are onewriter's. A view that reads onewriter's tables is
/// harmless.
[[nodiscard]] caf::expected<std::string> find_violation(statement_runner& db);

} // namespace onewriter::sqlite
