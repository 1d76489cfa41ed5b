#include "app/demo/summary/queries.hpp"

namespace onewriter::node {

std::vector<std::string> queries_to_try(const demo_result& what) {
  std::vector<std::string> result{
    "SELECT name, connects, load FROM peer ORDER BY connects DESC LIMIT 5;"};
  if (what.told.stored.files > 0)
    result.emplace_back(
      "SELECT size, path FROM file ORDER BY size DESC LIMIT 5;");
  auto word = sum_of(what.told.searchers).word;
  if (what.text_index == 0 || word.empty())
    return result;
  auto number = std::to_string(what.text_index);
  auto table = "onewriter_fts_" + number;
  result.push_back(
    "SELECT key, snippet(" + table + ", 0, '[', ']', '...', 8)\n  FROM " + table
    + " JOIN onewriter_document AS d\n  ON d.index_id = " + number + " AND "
    + table + ".rowid >= first_passage\n  AND " + table
    + ".rowid < end_passage\n  WHERE " + table + " MATCH '" + word
    + "' ORDER BY rank LIMIT 5;");
  return result;
}

} // namespace onewriter::node
