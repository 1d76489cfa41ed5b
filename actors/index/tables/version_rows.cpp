#include "actors/index/tables/version_rows.hpp"

#include "actors/index/tables/fts_table.hpp"

#include <algorithm>

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

blob to_blob(const sha256_digest& x) {
  return blob(x.begin(), x.end());
}

// Reads the columns `hash` and `bytes`, which come first.
document_digest digest_of(const row& found) {
  document_digest result;
  auto hash = found.get<blob>(0);
  std::copy_n(hash.begin(), std::min(hash.size(), result.hash.size()),
              result.hash.begin());
  result.bytes = found.get<uint64_t>(1);
  return result;
}

} // namespace

// -- indexes ----------------------------------------------------------------------

std::optional<int64_t> find_index(sticky_sql& db, const std::string& name) {
  auto found = db.run(find_index_sql, name);
  if (!found)
    return std::nullopt;
  return found->get<int64_t>(0);
}

int64_t find_or_add_index(sticky_sql& db, const std::string& name) {
  if (auto id = find_index(db, name))
    return *id;
  auto found = db.run(add_index_sql, name);
  if (!found)
    return 0;
  auto id = found->get<int64_t>(0);
  fts_table{id}.create(db);
  return id;
}

// -- documents --------------------------------------------------------------------

std::optional<stored_document> find_document(sticky_sql& db, int64_t index_id,
                                             const std::string& key) {
  auto found = db.run(find_document_sql, index_id, key);
  if (!found)
    return std::nullopt;
  return stored_document{
    digest_of(*found),
    {index_id, found->get<int64_t>(2), found->get<int64_t>(3)}};
}

void store_document(sticky_sql& db, const std::string& key,
                    const stored_document& what) {
  db.run(store_document_sql, what.passages.index_id, key,
         to_blob(what.content.hash), static_cast<int64_t>(what.content.bytes),
         what.passages.first_passage, what.passages.end_passage);
}

void erase_document(sticky_sql& db, int64_t index_id, const std::string& key) {
  db.run(remove_document_sql, index_id, key);
}

// -- versions ---------------------------------------------------------------------

std::optional<stored_version> find_version(sticky_sql& db, int64_t index_id,
                                           const std::string& key) {
  auto found = db.run(find_version_sql, index_id, key);
  if (!found)
    return std::nullopt;
  return stored_version{digest_of(*found),
                        {index_id, found->get<int64_t>(2),
                         found->get<int64_t>(3), found->get<int64_t>(4),
                         found->get<uint64_t>(5)}};
}

open_version add_version(sticky_sql& db, int64_t index_id,
                         const std::string& key, const std::string& path,
                         const document_digest& content, int64_t passages) {
  auto found = db.run(reserve_sql, passages, index_id);
  if (!found)
    return {};
  auto end = found->get<int64_t>(0);
  auto first = end - passages;
  db.run(add_version_sql, index_id, key, path, to_blob(content.hash),
         static_cast<int64_t>(content.bytes), first, end, first);
  return {index_id, first, end, first, 0};
}

void move_version(sticky_sql& db, int64_t index_id, const std::string& key,
                  const std::string& path) {
  db.run(move_version_sql, path, index_id, key);
}

void advance_version(sticky_sql& db, const std::string& key,
                     const open_version& to) {
  db.run(advance_version_sql, to.next_passage,
         static_cast<int64_t>(to.next_offset), to.index_id, key);
}

void erase_version(sticky_sql& db, int64_t index_id, const std::string& key) {
  db.run(remove_version_sql, index_id, key);
}

} // namespace onewriter
