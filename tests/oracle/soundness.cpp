#include "tests/oracle/soundness.hpp"

namespace onewriter::test {

namespace {

// The rows of these tables that are there before any burden.
constexpr const char* count_remnants
  = "SELECT (SELECT count(*) FROM ballast WHERE mark = 0) || '|' || "
    "(SELECT count(*) FROM snare) || '|' || (SELECT count(*) FROM alarm)";

constexpr const char* no_remnants = "13|1|0";

} // namespace

std::vector<std::string> problems_of(raw_database& file) {
  std::vector<std::string> result;
  file.for_each("PRAGMA integrity_check", [&](const raw_row& row) {
    if (auto problem = row.text(0); problem != "ok")
      result.push_back("SQLite finds the file damaged: " + problem);
  });
  std::vector<std::string> indexes;
  if (file.has_table("onewriter_index"))
    file.for_each("SELECT id FROM onewriter_index", [&](const raw_row& row) {
      indexes.push_back("onewriter_fts_" + row.text(0));
    });
  for (auto& x : indexes)
    if (auto outcome = file.outcome("INSERT INTO " + x + "(" + x
                                    + ") VALUES('integrity-check')");
        outcome != "ok")
      result.push_back("SQLite finds the index " + x + " damaged: " + outcome);
  if (file.has_table("ballast"))
    if (auto left = file.text(count_remnants); left != no_remnants)
      result.push_back("requests that failed have left " + left);
  return result;
}

uint64_t last_commit_of(raw_database& file) {
  return file.has_table("onewriter_batch")
           ? file.number("SELECT number FROM onewriter_batch")
           : 0;
}

std::vector<indexed_document> documents_of(raw_database& file) {
  std::vector<indexed_document> result;
  std::vector<std::string> selections;
  if (!file.has_table("onewriter_document"))
    return result;
  file.for_each("SELECT key, index_id, first_passage, end_passage "
                "FROM onewriter_document ORDER BY index_id, key",
                [&](const raw_row& row) {
                  result.push_back({row.text(0), {}});
                  selections.push_back("SELECT body FROM onewriter_fts_"
                                       + row.text(1) + " WHERE rowid >= "
                                       + row.text(2) + " AND rowid < "
                                       + row.text(3) + " ORDER BY rowid");
                });
  for (size_t i = 0; i < result.size(); ++i)
    file.for_each(selections[i],
                  [&](const raw_row& row) { result[i].text += row.text(0); });
  return result;
}

} // namespace onewriter::test
