#include "actors/index/tables/garbage_store.hpp"

#include "actors/index/tables/fts_table.hpp"

#include <algorithm>
#include <optional>

namespace onewriter {

namespace {

constexpr const char* add_sql
  = "INSERT INTO onewriter_index_garbage(index_id, first_passage, end_passage) "
    "VALUES(?, ?, ?)";

constexpr const char* any_sql
  = "SELECT index_id, first_passage, end_passage FROM onewriter_index_garbage "
    "LIMIT 1";

constexpr const char* find_garbage_sql
  = "SELECT index_id, first_passage, end_passage FROM onewriter_index_garbage "
    "WHERE index_id = ? AND first_passage = ?";

constexpr const char* shorten_sql
  = "UPDATE onewriter_index_garbage SET end_passage = ? "
    "WHERE index_id = ? AND first_passage = ?";

constexpr const char* forget_garbage_sql
  = "DELETE FROM onewriter_index_garbage "
    "WHERE index_id = ? AND first_passage = ?";

std::optional<garbage_range> range_of(const std::optional<row>& line) {
  if (!line)
    return std::nullopt;
  return garbage_range{line->get<int64_t>(0), line->get<int64_t>(1),
                       line->get<int64_t>(2)};
}

// Removes from the end, so that the range keeps its name. Returns the maximum
// number of removed passages, and whether the range is gone.
size_t shorten(sticky_sql& db, const garbage_range& what, size_t limit,
               bool& gone) {
  auto size = static_cast<size_t>(what.end_passage - what.first_passage);
  auto count = std::min(limit, size);
  auto end = what.end_passage - static_cast<int64_t>(count);
  fts_table{what.index_id}.remove(db, end, what.end_passage);
  gone = count == size;
  if (gone)
    db.run(forget_garbage_sql, what.index_id, what.first_passage);
  else
    db.run(shorten_sql, end, what.index_id, what.first_passage);
  return count;
}

} // namespace

void add_garbage(sticky_sql& db, const garbage_range& what) {
  if (what.first_passage < what.end_passage)
    db.run(add_sql, what.index_id, what.first_passage, what.end_passage);
}

garbage_removal remove_garbage(sticky_sql& db, size_t limit) {
  garbage_removal result;
  while (result.passages < limit) {
    auto next = range_of(db.run(any_sql));
    if (!next) {
      result.done = true;
      break;
    }
    auto gone = false;
    result.passages += shorten(db, *next, limit - result.passages, gone);
    result.index_ids.insert(next->index_id);
  }
  return result;
}

garbage_removal remove_garbage(sticky_sql& db, const garbage_range& what,
                               size_t limit) {
  garbage_removal result;
  auto found
    = range_of(db.run(find_garbage_sql, what.index_id, what.first_passage));
  result.done = !found;
  if (!found)
    return result;
  result.passages = shorten(db, *found, limit, result.done);
  result.index_ids.insert(found->index_id);
  return result;
}

} // namespace onewriter
