#include "actors/index/tables/version_store.hpp"

#include "actors/index/tables/fts_table.hpp"
#include "onewriter/failure.hpp"

#include <algorithm>
#include <optional>

namespace onewriter {

namespace {

// -- statements -----------------------------------------------------------------

constexpr const char* find_index_sql
  = "SELECT id FROM onewriter_index WHERE name = ?";

constexpr const char* add_index_sql
  = "INSERT INTO onewriter_index(name, next_passage) VALUES(?, 1) "
    "RETURNING id";

constexpr const char* reserve_sql
  = "UPDATE onewriter_index SET next_passage = next_passage + ? WHERE id = ? "
    "RETURNING next_passage";

constexpr const char* find_document_sql
  = "SELECT hash, bytes, first_passage, end_passage FROM onewriter_document "
    "WHERE index_id = ? AND key = ?";

constexpr const char* store_document_sql
  = "INSERT INTO onewriter_document(index_id, key, hash, bytes, first_passage, "
    "end_passage) VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(index_id, key) DO "
    "UPDATE SET hash = excluded.hash, bytes = excluded.bytes, first_passage = "
    "excluded.first_passage, end_passage = excluded.end_passage";

constexpr const char* remove_document_sql
  = "DELETE FROM onewriter_document WHERE index_id = ? AND key = ?";

constexpr const char* find_version_sql
  = "SELECT hash, bytes, first_passage, end_passage, next_passage, next_offset "
    "FROM onewriter_index_job WHERE index_id = ? AND key = ?";

constexpr const char* add_version_sql
  = "INSERT INTO onewriter_index_job(index_id, key, path, hash, bytes, "
    "first_passage, end_passage, next_passage, next_offset) "
    "VALUES(?, ?, ?, ?, ?, ?, ?, ?, 0)";

constexpr const char* move_version_sql
  = "UPDATE onewriter_index_job SET path = ? WHERE index_id = ? AND key = ?";

constexpr const char* advance_version_sql
  = "UPDATE onewriter_index_job SET next_passage = ?, next_offset = ? "
    "WHERE index_id = ? AND key = ?";

constexpr const char* remove_version_sql
  = "DELETE FROM onewriter_index_job WHERE index_id = ? AND key = ?";

constexpr const char* list_versions_sql
  = "SELECT i.name, j.key, j.path FROM onewriter_index_job AS j "
    "JOIN onewriter_index AS i ON i.id = j.index_id "
    "ORDER BY j.index_id, j.first_passage";

// -- rows ------------------------------------------------------------------------

struct stored_document {
  document_digest content;
  garbage_range passages;
};

struct stored_version {
  document_digest content;
  open_version where;
};

blob to_blob(const sha256_digest& x) {
  return blob(x.begin(), x.end());
}

// Reads the columns `hash` and `bytes`, which come first.
document_digest digest_of(const row& line) {
  document_digest result;
  auto hash = line.get<blob>(0);
  std::copy_n(hash.begin(), std::min(hash.size(), result.hash.size()),
              result.hash.begin());
  result.bytes = line.get<uint64_t>(1);
  return result;
}

bool is_same(const document_digest& x, const document_digest& y) {
  return x.hash == y.hash && x.bytes == y.bytes;
}

std::optional<int64_t> find_index(sticky_sql& db, const std::string& name) {
  auto line = db.run(find_index_sql, name);
  if (!line)
    return std::nullopt;
  return line->get<int64_t>(0);
}

int64_t find_or_add_index(sticky_sql& db, const std::string& name) {
  if (auto id = find_index(db, name))
    return *id;
  auto line = db.run(add_index_sql, name);
  if (!line)
    return 0;
  auto id = line->get<int64_t>(0);
  fts_table{id}.create(db);
  return id;
}

std::optional<stored_document> find_document(sticky_sql& db, int64_t index_id,
                                             const std::string& key) {
  auto line = db.run(find_document_sql, index_id, key);
  if (!line)
    return std::nullopt;
  return stored_document{
    digest_of(*line), {index_id, line->get<int64_t>(2), line->get<int64_t>(3)}};
}

std::optional<stored_version> find_version(sticky_sql& db, int64_t index_id,
                                           const std::string& key) {
  auto line = db.run(find_version_sql, index_id, key);
  if (!line)
    return std::nullopt;
  return stored_version{digest_of(*line),
                        {index_id, line->get<int64_t>(2), line->get<int64_t>(3),
                         line->get<int64_t>(4), line->get<uint64_t>(5)}};
}

garbage_range written(const open_version& x) {
  return {x.index_id, x.first_passage, x.next_passage};
}

// -- steps -----------------------------------------------------------------------

void discard(sticky_sql& db, const std::string& key, const open_version& what) {
  add_garbage(db, written(what));
  db.run(remove_version_sql, what.index_id, key);
}

// Every passage but the last is longer than half of the largest size.
int64_t most_passages(uint64_t bytes) {
  return static_cast<int64_t>(bytes / (passage_bytes / 2 + 1) + 1);
}

open_version reserve(sticky_sql& db, int64_t index_id, const std::string& key,
                     const std::string& path, const document_digest& content) {
  auto count = most_passages(content.bytes);
  auto line = db.run(reserve_sql, count, index_id);
  if (!line)
    return {};
  auto end = line->get<int64_t>(0);
  auto first = end - count;
  db.run(add_version_sql, index_id, key, path, to_blob(content.hash),
         static_cast<int64_t>(content.bytes), first, end, first);
  return {index_id, first, end, first, 0};
}

// A bug, or a change of onewriter's tables by another program. Not
// `ec::internal`, which would end the writer.
caf::error contradiction(const char* what) {
  return make_failure(ec::function_failed,
                      std::string{"the new version of a document "} + what);
}

// Returns whether `found` is the version `at`. If not, `at` must have become
// the visible one, when the same step was run before.
bool is_open(sticky_sql& db, const std::string& key, const open_version& at,
             const std::optional<stored_version>& found) {
  if (found && found->where.first_passage == at.first_passage)
    return true;
  auto visible = find_document(db, at.index_id, key);
  if (!visible || visible->passages.first_passage != at.first_passage)
    db.check(contradiction("disappeared from onewriter_index_job"));
  return false;
}

} // namespace

// -- writing a version -------------------------------------------------------------

version_start begin_version(sticky_sql& db, const document_name& name,
                            const std::string& path,
                            const document_digest& content) {
  version_start result;
  auto index_id = find_or_add_index(db, name.index);
  auto visible = find_document(db, index_id, name.key);
  auto begun = find_version(db, index_id, name.key);
  result.unchanged = visible && is_same(visible->content, content);
  if (begun && !result.unchanged && is_same(begun->content, content)) {
    db.run(move_version_sql, path, index_id, name.key);
    result.version = begun->where;
    result.resumed = begun->where.next_passage > begun->where.first_passage;
    return result;
  }
  if (begun) {
    result.left_garbage = true;
    discard(db, name.key, begun->where);
  }
  if (result.unchanged)
    result.passages = static_cast<uint64_t>(visible->passages.end_passage
                                            - visible->passages.first_passage);
  else
    result.version = reserve(db, index_id, name.key, path, content);
  return result;
}

void add_passages(sticky_sql& db, const std::string& key,
                  const open_version& at,
                  const std::vector<passage>& passages) {
  auto begun = find_version(db, at.index_id, key);
  if (passages.empty() || !is_open(db, key, at, begun))
    return;
  auto number = begun->where.next_passage;
  auto end = at.next_passage + static_cast<int64_t>(passages.size());
  if (number == end)
    return;
  if (number != at.next_passage || end > at.end_passage
      || passages.front().offset != at.next_offset)
    return db.check(contradiction("is not where it was left"));
  fts_table table{at.index_id};
  for (auto& what : passages)
    table.insert(db, number++, what);
  auto end_offset = passages.back().offset + passages.back().text.size();
  db.run(advance_version_sql, end, static_cast<int64_t>(end_offset),
         at.index_id, key);
}

bool publish_version(sticky_sql& db, const std::string& key,
                     const open_version& at, const document_digest& content) {
  auto begun = find_version(db, at.index_id, key);
  if (!is_open(db, key, at, begun))
    return false;
  auto visible = find_document(db, at.index_id, key);
  if (visible)
    add_garbage(db, visible->passages);
  db.run(store_document_sql, at.index_id, key, to_blob(content.hash),
         static_cast<int64_t>(content.bytes), at.first_passage,
         begun->where.next_passage);
  db.run(remove_version_sql, at.index_id, key);
  return visible.has_value();
}

void discard_version(sticky_sql& db, const document_name& name) {
  auto index_id = find_index(db, name.index);
  if (!index_id)
    return;
  if (auto begun = find_version(db, *index_id, name.key))
    discard(db, name.key, begun->where);
}

// -- all documents -------------------------------------------------------------------

std::vector<garbage_range> hide_document(sticky_sql& db,
                                         const document_name& name) {
  std::vector<garbage_range> result;
  auto index_id = find_index(db, name.index);
  if (!index_id) {
    db.check(make_failure(ec::no_such_index,
                          "there is no index \"" + name.index + "\""));
    return result;
  }
  if (auto begun = find_version(db, *index_id, name.key)) {
    result.push_back(written(begun->where));
    discard(db, name.key, begun->where);
  }
  if (auto visible = find_document(db, *index_id, name.key)) {
    result.push_back(visible->passages);
    add_garbage(db, visible->passages);
    db.run(remove_document_sql, *index_id, name.key);
  }
  return result;
}

caf::expected<result_set> list_open_versions(sqlite::connection& db) {
  return db.run_internal(list_versions_sql);
}

} // namespace onewriter
