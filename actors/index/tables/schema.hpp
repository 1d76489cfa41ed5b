#pragma once

#include "actors/sqlite/schema.hpp"

namespace onewriter {

/// Returns the tables that all full-text indexes share; each index has an FTS5
/// table beside them (see `fts_table`). What they hold:
///
/// - An index hands out numbers to passages, the rowids of its FTS5 table, each
///   number once. A version of a document has numbers without a gap in between.
/// - `onewriter_document` contains the numbers of each document. Only passages
///   with one of those can be found, so that changing this one row replaces all
///   old passages by all new ones.
/// - `onewriter_index_job` is the version that is being written: which numbers
///   are reserved for it and how far it has come.
/// - `onewriter_index_garbage` has the numbers of passages to be removed.
const sqlite::schema_part& index_schema();

} // namespace onewriter
