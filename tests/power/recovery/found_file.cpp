#include "tests/power/recovery/found_file.hpp"

#include "onewriter/failure.hpp"
#include "tests/power/numbered_write.hpp"
#include "tests/power/recovery/found_document.hpp"

#include <utility>

namespace onewriter::test {

namespace {

constexpr const char* count_tables
  = "SELECT count(*) FROM sqlite_schema WHERE name IN('entry', 'entry_number', "
    "'total', 'scratch')";

// A payload repeats its numbers.
constexpr const char* find_entries
  = "SELECT number, sender, part, parts, length(payload), "
    "replace(payload, printf('%010d', number * 10 + part), '') = '' "
    "FROM entry ORDER BY rowid";

constexpr const char* find_total = "SELECT writes, parts FROM total";

constexpr const char* find_scratch
  = "SELECT sender, number, length(payload), "
    "replace(payload, printf('%010d', number * 10 + 9), '') = '' "
    "FROM scratch";

/// Collects what there is to see.
class observer {
public:
  explicit observer(client& db) : db_{db} {
    // nop
  }

  void look(uint64_t commit, const std::set<uint64_t>& versions) {
    result.commit = commit;
    if (look_at_tables()) {
      result.writes[0] = 0;
      result.rows.push_back({0, 1});
      look_at_entries();
      look_at_total();
      look_at_scratch();
    }
    result.version = find_version(db_, versions, result.problems);
    check_integrity();
  }

  found_file result;

private:
  void complain(std::string what) {
    result.problems.push_back(std::move(what));
  }

  result_set ask(const char* sql) {
    auto found = db_.query(sql);
    if (found)
      return *found;
    complain(describe(found.error()));
    return {};
  }

  bool look_at_tables() {
    int64_t count = 0;
    for (auto& line : ask(count_tables).rows)
      count = line.get<int64_t>(0);
    if (count != 0 && count != 4)
      complain("there are " + std::to_string(count) + " of 4 tables");
    return count == 4;
  }

  // Whether parts are missing, or there twice, is for the verifier.
  void look_at_entries() {
    for (auto& line : ask(find_entries).rows) {
      auto [number, sender, part, parts, bytes, sound]
        = line.as<uint64_t, uint32_t, uint32_t, uint32_t, uint64_t, bool>();
      auto& known_sender
        = result.writes.try_emplace(number, sender).first->second;
      if (sender != known_sender || parts != parts_of(number)
          || bytes != bytes_of_part(number, part) || !sound)
        complain("a row of write " + std::to_string(number)
                 + " is not what was sent: " + to_string(line));
      result.rows.push_back({number, uint64_t{part} + 1});
    }
  }

  void look_at_total() {
    auto found = ask(find_total);
    // The tables are no write with entries.
    auto expected = std::to_string(result.writes.size() - 1) + "|"
                    + std::to_string(result.rows.size() - 1);
    for (auto& line : found.rows)
      if (to_string(line) != expected)
        complain("the total is " + to_string(line) + ", there are " + expected);
    if (found.rows.size() != 1)
      complain("there is not one total");
  }

  void look_at_scratch() {
    std::map<uint32_t, uint64_t> expected;
    for (auto& [number, sender] : result.writes)
      if (number > 0 && replaces_scratch(number))
        expected[sender] = number;
    auto rows = ask(find_scratch).rows;
    for (auto& line : rows) {
      auto [sender, number, bytes, sound]
        = line.as<uint32_t, uint64_t, uint64_t, bool>();
      if (expected[sender] != number || bytes != bytes_of_scratch(number)
          || !sound)
        complain("the scratch row is " + to_string(line) + ", not number "
                 + std::to_string(expected[sender]));
    }
    if (rows.size() != expected.size())
      complain("there are not as many scratch rows as senders wrote");
  }

  void check_integrity() {
    auto report = db_.check_integrity();
    if (!report)
      return complain(describe(report.error()));
    for (auto& problem : report->problems)
      complain("integrity: " + problem);
  }

  client& db_;
};

} // namespace

found_file look_at(client& db, uint64_t commit,
                   const std::set<uint64_t>& versions) {
  observer result{db};
  result.look(commit, versions);
  return std::move(result.result);
}

} // namespace onewriter::test
