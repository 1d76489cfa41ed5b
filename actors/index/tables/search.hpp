#pragma once

#include "actors/sqlite/connection.hpp"
#include "onewriter/search.hpp"

namespace onewriter {

/// Runs a search on a connection that is inside of a transaction, to which
/// `sqlite::register_fts5_offset` has been applied. It stops at the
/// connection's run deadline; the caller handles `search::deadline`. Errors: as
/// for `search`, and `ec::invalid_argument`, `ec::invalid_text`.
[[nodiscard]] caf::expected<search_hits> run_search(sqlite::connection& db,
                                                    const search& what);

} // namespace onewriter
