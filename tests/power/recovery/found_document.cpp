#include "tests/power/recovery/found_document.hpp"

#include "onewriter/failure.hpp"
#include "tests/power/document_text.hpp"

namespace onewriter::test {

namespace {

constexpr const char* find_fts
  = "SELECT count(*) FROM sqlite_schema WHERE name = 'onewriter_fts_1'";

constexpr const char* find_passages
  = "SELECT p.body FROM onewriter_document AS d JOIN onewriter_fts_1 AS p ON "
    "p.rowid >= d.first_passage AND p.rowid < d.end_passage "
    "WHERE d.key = ? ORDER BY p.start";

/// What can be found of the document.
struct found_document {
  std::string text;
  size_t passages = 0;
  uint64_t version = 0;
  /// Passages that a search for a word finds that each version has, and for one
  /// that only this version has.
  size_t common_hits = 0;
  size_t own_hits = 0;
};

class document_finder {
public:
  document_finder(client& db, const std::set<uint64_t>& versions)
    : db_{db},
      versions_{versions} {
    // nop
  }

  /// A job may publish a version between two requests, therefore looks again
  /// until nothing has changed in between.
  caf::expected<found_document> run() {
    for (;;) {
      auto first = read();
      if (!first)
        return first;
      first->version = version_of(first->text);
      auto common = count_hits(common_word);
      auto own = count_hits(word_of(first->version));
      auto second = read();
      if (!common || !own || !second)
        return !common ? common.error() : !own ? own.error() : second.error();
      if (second->text != first->text)
        continue;
      first->common_hits = *common;
      first->own_hits = *own;
      return first;
    }
  }

private:
  caf::expected<found_document> read() {
    found_document result;
    auto table = db_.query(find_fts);
    if (!table)
      return table.error();
    if (table->rows.front().get<int64_t>(0) == 0)
      return result;
    auto found = db_.query(find_passages, document_key);
    if (!found)
      return found.error();
    for (auto& line : found->rows)
      result.text += line.get<std::string>(0);
    result.passages = found->rows.size();
    return result;
  }

  uint64_t version_of(const std::string& text) const {
    for (auto version : versions_)
      if (version > 0 && text == document_text(version))
        return version;
    return 0;
  }

  caf::expected<size_t> count_hits(const std::string& word) {
    search what;
    what.index = index_name;
    what.expression = word;
    what.max_hits = 10'000;
    auto found = db_.search(what);
    if (found)
      return found->hits.size();
    if (found.error() == ec::no_such_index)
      return size_t{0};
    return found.error();
  }

  client& db_;
  const std::set<uint64_t>& versions_;
};

} // namespace

uint64_t find_version(client& db, const std::set<uint64_t>& versions,
                      std::vector<std::string>& problems) {
  auto found = document_finder{db, versions}.run();
  if (!found) {
    problems.push_back(describe(found.error()));
    return 0;
  }
  if (found->version == 0 && !found->text.empty())
    problems.push_back("the document is none of its versions as a whole");
  if (found->common_hits != found->passages
      || found->own_hits != found->passages)
    problems.push_back("of " + std::to_string(found->passages)
                       + " passages a search finds "
                       + std::to_string(found->common_hits) + ", and "
                       + std::to_string(found->own_hits) + " of this version");
  return found->version;
}

} // namespace onewriter::test
