#pragma once

#include "actors/sqlite/access/connection_options.hpp"
#include "actors/sqlite/base/handles.hpp"
#include "onewriter/failure.hpp"

#include <string>

namespace onewriter::sqlite {

/// Returns the absolute path of a database. Refuses files that cannot have a
/// write-ahead log or must not be opened. Errors: `ec::no_write_ahead_log`,
/// `ec::invalid_argument`, `ec::cannot_open`, `ec::read_only`,
/// `ec::network_file_system`.
[[nodiscard]] caf::expected<std::string>
check_path(const connection_options& options);

/// Opens a handle for `options.path`, which `check_path` returned, without
/// reading the file. Errors: `ec::cannot_open`, `ec::read_only`,
/// `ec::invalid_argument` for a VFS that is not registered.
[[nodiscard]] caf::expected<database_ptr>
open_database(const connection_options& options);

/// Sets limits, and SQLite's protection against harmful SQL and harmful files.
[[nodiscard]] caf::error harden(sqlite3* db, const connection_options& options);

/// Sets every PRAGMA and reads it back. The first one that reads the file
/// detects whether it is a database. Errors: `ec::busy`, `ec::not_a_database`,
/// `ec::corrupt`, `ec::read_only`, `ec::no_write_ahead_log`, `ec::internal` for
/// a setting without effect.
[[nodiscard]] caf::error apply_pragmas(sqlite3* db,
                                       const connection_options& options);

} // namespace onewriter::sqlite
