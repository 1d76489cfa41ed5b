#pragma once

#include "onewriter/failure.hpp"

#include <string>

struct sqlite3;

namespace onewriter::sqlite {

/// Runs `sql`, which has no parameters, on a handle that is no `connection`
/// (yet). Returns the first cell of the last row as text, empty if there is no
/// row.
[[nodiscard]] caf::expected<std::string> query_scalar(sqlite3* db,
                                                      const std::string& sql);

} // namespace onewriter::sqlite
