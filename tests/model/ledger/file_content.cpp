#include "tests/model/ledger/file_content.hpp"

#include "tests/oracle/soundness.hpp"

namespace onewriter::test {

namespace {

// The content stands in the first value of the last statement of a letter, or
// is the first argument of its function.
constexpr const char* letters_sql
  = "SELECT p.value FROM onewriter_dead_letter AS l JOIN "
    "onewriter_dead_letter_parameter AS p ON p.letter = l.id AND p.ordinal = 0 "
    "AND p.position = (SELECT max(position) FROM "
    "onewriter_dead_letter_parameter WHERE letter = l.id) ORDER BY l.id";

std::vector<entry_row> entries_of(raw_database& file) {
  std::vector<entry_row> result;
  file.for_each(
    "SELECT id, content, part FROM entry ORDER BY id", [&](const raw_row& x) {
      result.push_back({static_cast<int64_t>(x.number(0)), x.number(1),
                        static_cast<uint32_t>(x.number(2))});
    });
  return result;
}

} // namespace

file_content read_file_content(const std::string& path) {
  raw_database file{path};
  file_content result;
  result.commit = last_commit_of(file);
  result.entries = entries_of(file);
  file.for_each("SELECT key, number FROM effort ORDER BY id",
                [&](const raw_row& x) {
                  result.efforts.push_back({x.text(0), x.number(1)});
                });
  file.for_each("SELECT id, version FROM counter", [&](const raw_row& x) {
    result.versions.at(x.number(0)) = x.number(1);
  });
  file.for_each(letters_sql, [&](const raw_row& x) {
    result.letters.push_back(x.number(0));
  });
  for (auto& x : problems_of(file))
    result.damage += x + "; ";
  return result;
}

std::vector<entry_row> read_entries(const std::string& path) {
  raw_database file{path};
  return entries_of(file);
}

} // namespace onewriter::test
