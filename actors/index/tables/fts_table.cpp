#include "actors/index/tables/fts_table.hpp"

namespace onewriter {

namespace {

// Pages of 4 KiB that one step merges. Fewer cost more time for starting and
// stopping, more take too long.
constexpr int merge_pages = 4;

// Segments on a level before they are merged into one of the next: half as
// much merging as with FTS5's default of 4, and still few segments to search.
constexpr int segments_to_merge = 8;

// As many segments as FTS5 allows before it merges them all at once.
constexpr int segments_before_crisis = 1'999;

} // namespace

fts_table::fts_table(int64_t index_id)
  : name_{"onewriter_fts_" + std::to_string(index_id)} {
  // nop
}

void fts_table::create(sticky_sql& db) const {
  db.run("CREATE VIRTUAL TABLE " + name_
         + " USING fts5(body, start UNINDEXED, "
           "tokenize = 'unicode61 remove_diacritics 2')");
  auto configure
    = "INSERT INTO " + name_ + "(" + name_ + ", rank) VALUES(?, ?)";
  db.run(configure, "automerge", 0);
  db.run(configure, "usermerge", segments_to_merge);
  db.run(configure, "crisismerge", segments_before_crisis);
}

void fts_table::insert(sticky_sql& db, int64_t number,
                       const passage& what) const {
  db.run("INSERT INTO " + name_ + "(rowid, body, start) VALUES(?, ?, ?)",
         number, what.text, static_cast<int64_t>(what.offset));
}

void fts_table::remove(sticky_sql& db, int64_t first, int64_t end) const {
  db.run("DELETE FROM " + name_ + " WHERE rowid >= ? AND rowid < ?", first,
         end);
}

bool fts_table::merge(sticky_sql& db) const {
  auto before = db.db().total_changes();
  db.run("INSERT INTO " + name_ + "(" + name_ + ", rank) VALUES('merge', ?)",
         merge_pages);
  // The statement itself counts as one change.
  return db.ok() && db.db().total_changes() - before >= 2;
}

std::string fts_table::search_sql() const {
  // CROSS JOIN lets FTS5 find and sort, and looks up the document of each row
  // until there are enough.
  return "SELECT d.key, " + name_ + ".start, onewriter_offset(" + name_
         + "), snippet(" + name_ + ", 0, '[', ']', '\u2026', 16), " + name_
         + ".rank FROM " + name_
         + " CROSS JOIN onewriter_document AS d ON d.id = "
           "(SELECT id FROM onewriter_document WHERE index_id = ? "
           "AND first_passage <= "
         + name_ + ".rowid ORDER BY first_passage DESC LIMIT 1) WHERE " + name_
         + " MATCH ? AND " + name_ + ".rowid < d.end_passage ORDER BY " + name_
         + ".rank LIMIT ?";
}

void flush_fts_tables(sticky_sql& db) {
  // FTS5 flushes whenever a savepoint begins.
  if (db.ok())
    db.check(db.db().savepoint());
  if (db.ok())
    db.check(db.db().release_savepoint());
}

} // namespace onewriter
