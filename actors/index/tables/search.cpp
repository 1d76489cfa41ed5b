#include "actors/index/tables/search.hpp"

#include "actors/index/tables/fts_table.hpp"
#include "actors/sqlite/base/errors.hpp"
#include "onewriter/failure.hpp"

#include <optional>

namespace onewriter {

namespace {

constexpr uint32_t most_hits = 10'000;

caf::error invalid_search(std::string message) {
  return make_failure(ec::invalid_search, std::move(message));
}

caf::error check(const search& what) {
  if (what.max_hits < 1 || what.max_hits > most_hits)
    return make_failure(ec::invalid_argument, "max_hits: must be 1 to 10,000");
  // FTS5 reads up to the first NUL and would search for something else.
  if (what.expression.find('\0') != std::string::npos)
    return invalid_search("the expression holds a NUL");
  // FTS5 takes this for one of its debugging commands.
  if (!what.expression.empty() && what.expression.front() == '*')
    return invalid_search("fts5: syntax error near \"*\"");
  return {};
}

caf::expected<int64_t> find_index(sqlite::connection& db,
                                  const std::string& name) {
  auto found
    = db.run_internal("SELECT id FROM onewriter_index WHERE name = ?", name);
  if (!found)
    return found.error();
  if (found->rows.empty())
    return make_failure(ec::no_such_index, "there is no index \"" + name
                                             + "\"; one is created when the "
                                               "first document is put into it");
  return found->rows.front().get<int64_t>(0);
}

// The statement itself is correct: general errors of SQLite are about the
// expression.
caf::error explain(const caf::error& err) {
  constexpr int32_t sqlite_error = 1;
  auto what = failure_of(err);
  if (what.sqlite_code != sqlite_error)
    return err;
  what.sql.clear();
  // FTS5 takes a word before a colon for a column.
  auto hint = what.message.find("; compare the statement");
  if (hint != std::string::npos)
    what.message.replace(hint, std::string::npos,
                         "; an index has no columns to name: quote the term");
  return make_failure(ec::invalid_search, std::move(what));
}

search_hit hit_of(const row& line) {
  auto [key, start, offset, snippet, rank]
    = line.as<std::string, uint64_t, std::optional<uint64_t>, std::string,
              double>();
  return {key, start + offset.value_or(0), snippet, rank};
}

} // namespace

caf::expected<search_hits> run_search(sqlite::connection& db,
                                      const search& what) {
  if (auto err = check(what); err != caf::none)
    return err;
  auto index_id = find_index(db, what.index);
  if (!index_id)
    return index_id.error();
  auto found
    = db.run_internal_quoting(fts_table{*index_id}.search_sql(), *index_id,
                              what.expression, what.max_hits);
  if (!found)
    return explain(found.error());
  search_hits result;
  result.hits.reserve(found->rows.size());
  for (auto& line : found->rows)
    result.hits.push_back(hit_of(line));
  return result;
}

} // namespace onewriter
