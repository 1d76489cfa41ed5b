#include "actors/index/tables/version_store.hpp"

#include "actors/index/tables/fts_table.hpp"
#include "actors/index/tables/version_rows.hpp"
#include "onewriter/failure.hpp"

#include <optional>

namespace onewriter {

namespace {

constexpr const char* list_versions_sql
  = "SELECT i.name, j.key, j.path FROM onewriter_index_job AS j "
    "JOIN onewriter_index AS i ON i.id = j.index_id "
    "ORDER BY j.index_id, j.first_passage";

bool is_same(const document_digest& x, const document_digest& y) {
  return x.hash == y.hash && x.bytes == y.bytes;
}

garbage_range written(const open_version& x) {
  return {x.index_id, x.first_passage, x.next_passage};
}

void discard(sticky_sql& db, const std::string& key, const open_version& what) {
  add_garbage(db, written(what));
  erase_version(db, what.index_id, key);
}

// Every passage but the last is longer than half of the largest size.
int64_t most_passages(uint64_t bytes) {
  return static_cast<int64_t>(bytes / (passage_bytes / 2 + 1) + 1);
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
    move_version(db, index_id, name.key, path);
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
    result.version = add_version(db, index_id, name.key, path, content,
                                 most_passages(content.bytes));
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
  advance_version(
    db, key, {at.index_id, at.first_passage, at.end_passage, end, end_offset});
}

bool publish_version(sticky_sql& db, const std::string& key,
                     const open_version& at, const document_digest& content) {
  auto begun = find_version(db, at.index_id, key);
  if (!is_open(db, key, at, begun))
    return false;
  auto visible = find_document(db, at.index_id, key);
  if (visible)
    add_garbage(db, visible->passages);
  store_document(
    db, key,
    {content, {at.index_id, at.first_passage, begun->where.next_passage}});
  erase_version(db, at.index_id, key);
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
    erase_document(db, *index_id, name.key);
  }
  return result;
}

caf::expected<result_set> list_open_versions(sqlite::connection& db) {
  return db.run_internal(list_versions_sql);
}

} // namespace onewriter
