#include "tests/power/found_file.hpp"

#include "onewriter/failure.hpp"
#include "tests/power/found_document.hpp"
#include "tests/power/numbered_write.hpp"
#include "tests/strain/burden.hpp"

#include <utility>

namespace onewriter::test {

namespace {

constexpr const char* count_tables
  = "SELECT count(*) FROM sqlite_schema WHERE name IN('entry', 'entry_number', "
    "'total', 'scratch')";

// A payload repeats its numbers.
constexpr const char* find_entries
  = "SELECT number, min(sender), max(sender), count(*), count(DISTINCT part), "
    "min(parts), max(parts), sum(length(payload)), "
    "sum(replace(payload, printf('%010d', number * 10 + part), '') <> '') "
    "FROM entry GROUP BY number ORDER BY number";

constexpr const char* find_total = "SELECT writes, parts FROM total";

constexpr const char* find_scratch
  = "SELECT sender, number, length(payload), "
    "replace(payload, printf('%010d', number * 10 + 9), '') = '' "
    "FROM scratch";

constexpr const char* has_burdens
  = "SELECT 1 FROM sqlite_schema WHERE name = 'ballast'";

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
      look_at_entries();
      look_at_total();
      look_at_scratch();
    }
    result.version = find_version(db_, versions, result.problems);
    look_for_remnants();
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

  void look_at_entries() {
    for (auto& line : ask(find_entries).rows) {
      auto number = line.get<uint64_t>(0);
      auto parts = parts_of(number);
      // Sender, rows, parts, what the rows say, bytes, damaged payloads.
      auto is_whole
        = line.get<uint32_t>(1) == line.get<uint32_t>(2)
          && line.get<uint32_t>(3) == parts && line.get<uint32_t>(4) == parts
          && line.get<uint32_t>(5) == parts && line.get<uint32_t>(6) == parts
          && line.get<uint64_t>(7) == bytes_of_entries(number)
          && line.get<int64_t>(8) == 0;
      if (!is_whole)
        complain("write " + std::to_string(number)
                 + " is not there as it was sent, of " + std::to_string(parts)
                 + " parts: " + to_string(line));
      result.writes[number] = line.get<uint32_t>(1);
      parts_ += line.get<uint64_t>(3);
    }
  }

  void look_at_total() {
    auto found = ask(find_total);
    // The tables are no write with entries.
    auto expected
      = std::to_string(result.writes.size() - 1) + "|" + std::to_string(parts_);
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

  // Requests that failed leave nothing.
  void look_for_remnants() {
    if (ask(has_burdens).rows.empty())
      return;
    for (auto& line : ask(ask_what_is_left).rows)
      if (line.get<std::string>(0) != nothing_left)
        complain("requests that failed have left " + to_string(line));
  }

  void check_integrity() {
    auto report = db_.check_integrity();
    if (!report)
      return complain(describe(report.error()));
    for (auto& problem : report->problems)
      complain("integrity: " + problem);
  }

  client& db_;
  uint64_t parts_ = 0;
};

} // namespace

found_file look_at(client& db, uint64_t commit,
                   const std::set<uint64_t>& versions) {
  observer result{db};
  result.look(commit, versions);
  return std::move(result.result);
}

} // namespace onewriter::test
