#pragma once

#include "actors/sqlite/access/authorizer.hpp"
#include "actors/sqlite/access/connection_options.hpp"
#include "onewriter/failure.hpp"

#include <cstdint>
#include <string_view>

struct sqlite3_stmt;

// What a statement of a user may say and do, as far as the authorizer is not
// asked about it.

namespace onewriter::sqlite {

/// Checks a text before it is compiled. Errors: `ec::too_big` beyond
/// `max_bytes`, `ec::invalid_sql`, `ec::invalid_text`, `ec::empty_statement`.
[[nodiscard]] caf::error check_text(std::string_view sql, uint64_t max_bytes);

/// Checks the effect of a statement, compiled from `sql` on a connection that
/// has this role. `asked` is the authorizer that was asked about it. Errors:
/// `ec::not_a_query` (a reader), `ec::not_allowed`.
[[nodiscard]] caf::error check_effect(sqlite3_stmt* stmt, std::string_view sql,
                                      role whose, const authorizer& asked);

} // namespace onewriter::sqlite
