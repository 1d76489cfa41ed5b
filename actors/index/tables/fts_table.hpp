#pragma once

#include "actors/index/tables/sticky_sql.hpp"
#include "actors/text/passage_cutter.hpp"

#include <cstdint>
#include <string>

namespace onewriter {

/// The FTS5 table of one index (https://sqlite.org/fts5.html). Its name is made
/// from the number of the index, so that the index may have any name.
///
/// FTS5 collects rows and writes them as a segment when it is flushed; segments
/// have to be merged from time to time. By default FTS5 decides when to do
/// both, and the chunk in which it merges takes several times as long as the
/// others (measured: 25 ms instead of 5). So automatic merging is switched off,
/// and callers that write to the table call `flush` and `merge`.
class fts_table {
public:
  explicit fts_table(int64_t index_id);

  /// Creates the table.
  void create(sticky_sql& db) const;

  /// Adds a passage under an unused number.
  void insert(sticky_sql& db, int64_t number, const passage& what) const;

  /// Removes the passages from `first` up to but without `end`, of which some
  /// or all may be missing.
  void remove(sticky_sql& db, int64_t first, int64_t end) const;

  /// Merges for a few hundred microseconds. Returns whether there was something
  /// to merge; then there may be more.
  bool merge(sticky_sql& db) const;

  /// Returns the statement that searches, best hits first. Parameters: the
  /// number of the index, the expression, the number of hits. Columns: key of
  /// the document, byte offset of the passage, byte offset of the first match
  /// within it, snippet, rank. Needs `sqlite::register_fts5_offset`.
  std::string search_sql() const;

private:
  std::string name_;
};

/// Writes the rows that FTS5 has collected, for all tables. Otherwise that
/// happens at the end of the transaction, where its time is not measured.
void flush_fts_tables(sticky_sql& db);

} // namespace onewriter
