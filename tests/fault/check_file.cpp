#include "tests/fault/check_file.hpp"

#include "tests/fault/raw_file.hpp"
#include "tests/strain/burden.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

namespace onewriter::test {

namespace {

uint64_t number_of(const std::string& text) {
  return std::strtoull(text.c_str(), nullptr, 10);
}

class file_checker {
public:
  file_checker(const std::string& path, const told& what, script_length length,
               memory extent)
    : file_{path},
      told_{what},
      length_{length},
      extent_{extent} {
    // nop
  }

  std::vector<std::string> run() {
    if (file_.text("PRAGMA integrity_check") != "ok")
      problem("SQLite finds the file damaged: "
              + file_.text("PRAGMA integrity_check"));
    if (has_table("onewriter_batch"))
      last_commit_ = static_cast<uint64_t>(
        file_.number("SELECT number FROM onewriter_batch"));
    if (has_table("entry"))
      check_entries();
    else
      check_nothing();
    if (has_table("ballast"))
      look_for_remnants();
    if (has_table("onewriter_document"))
      check_documents();
    for (auto& x : file_.problems())
      problem(x);
    return std::move(problems_);
  }

private:
  // -- writes -------------------------------------------------------------------

  void check_entries() {
    std::map<uint64_t, std::vector<std::pair<uint64_t, uint64_t>>> found;
    for (auto& line : file_.rows("SELECT id, part, rowid FROM entry "
                                 "ORDER BY rowid"))
      found[number_of(line[0])].emplace_back(number_of(line[1]),
                                             number_of(line[2]));
    for (auto& what : told_.writes)
      if (what.parts > 0)
        check_write(what, found[what.id]);
    auto there = static_cast<int64_t>(std::count_if(
      found.begin(), found.end(), [](auto& x) { return !x.second.empty(); }));
    if (auto tally = file_.number("SELECT n FROM tally"); tally != there)
      problem("the tally has counted " + std::to_string(tally) + " writes of "
              + std::to_string(there));
    check_messages();
  }

  void check_write(const told_write& what,
                   const std::vector<std::pair<uint64_t, uint64_t>>& rows) {
    auto name
      = "write " + std::to_string(what.id) + " (" + to_string(what.what) + ")";
    auto is_whole = rows.size() == what.parts;
    for (size_t i = 0; i < rows.size() && is_whole; ++i)
      is_whole = rows[i].first == i + 1;
    if (!rows.empty() && !is_whole)
      problem(name + " has " + std::to_string(rows.size()) + " rows of "
              + std::to_string(what.parts));
    if (what.what == answer::done && rows.empty() && !may_be_gone(what.commit))
      problem(name + " is not there");
    if (what.what == answer::refused && !rows.empty())
      problem(name + " is there");
    if (what.what == answer::done && !rows.empty())
      check_order(what, rows.front().second);
  }

  bool may_be_gone(uint64_t commit) const {
    return extent_ == memory::until_some_commit && commit > last_commit_;
  }

  void check_order(const told_write& what, uint64_t place) {
    auto& last = last_place_[what.sender];
    if (place < last)
      problem("write " + std::to_string(what.id)
              + " was overtaken by one that "
                "its sender sent later");
    last = std::max(last, place);
  }

  // Requests that failed leave nothing.
  void look_for_remnants() {
    if (auto left = file_.text(ask_what_is_left); left != nothing_left)
      problem("what failed has left " + left);
  }

  void check_nothing() {
    for (auto& what : told_.writes)
      if (what.parts > 0 && what.what == answer::done
          && !may_be_gone(what.commit))
        problem("write " + std::to_string(what.id)
                + " is done, and there is no table");
  }

  // -- best-effort messages -----------------------------------------------------

  void check_messages() {
    std::map<std::string, uint64_t> last;
    uint64_t count = 0;
    for (auto& line :
         file_.rows("SELECT key, number FROM latest ORDER BY rowid")) {
      ++count;
      auto number = number_of(line[1]);
      auto& before = last[line[0]];
      if (number <= before)
        problem("message " + line[1] + " was written after "
                + std::to_string(before));
      before = std::max(before, number);
    }
    if (!told_.written_messages)
      return;
    auto [written, in_doubt] = *told_.written_messages;
    if (count < written || count > written + in_doubt)
      problem(std::to_string(count) + " messages are there, and "
              + std::to_string(written) + " were counted as written, "
              + std::to_string(in_doubt) + " as unknown");
  }

  // -- documents ----------------------------------------------------------------

  void check_documents() {
    auto visible = file_.rows("SELECT index_id, first_passage, end_passage "
                              "FROM onewriter_document");
    if (visible.size() > 1)
      problem("one document is there more than once");
    auto version = visible.empty() ? 0 : version_of(visible.front());
    auto newest = uint64_t{0};
    for (auto& [number, what] : told_.versions)
      if (what == answer::done)
        newest = number;
    if (version < newest && extent_ == memory::complete)
      problem("version " + std::to_string(newest)
              + " of the document was replaced by version "
              + std::to_string(version));
    for (auto& line : file_.rows("SELECT id FROM onewriter_index")) {
      auto table = "onewriter_fts_" + line[0];
      file_.rows("INSERT INTO " + table + "(" + table
                 + ") VALUES('integrity-check')");
    }
  }

  uint64_t version_of(const std::vector<std::string>& document) {
    std::string text;
    for (auto& line : file_.rows(
           "SELECT body FROM onewriter_fts_" + document[0] + " WHERE rowid >= "
           + document[1] + " AND rowid < " + document[2] + " ORDER BY rowid"))
      text += line[0];
    for (auto& [number, ignored] : told_.versions)
      if (text == document_text(number, length_))
        return number;
    problem("the document has " + std::to_string(text.size())
            + " bytes, which are no version of it");
    return 0;
  }

  // -- utilities ----------------------------------------------------------------

  bool has_table(const std::string& name) {
    return file_.number("SELECT COUNT(*) FROM sqlite_master WHERE name = '"
                        + name + "'")
           > 0;
  }

  void problem(std::string what) {
    problems_.push_back(std::move(what));
  }

  raw_file file_;
  const told& told_;
  script_length length_;
  memory extent_;
  uint64_t last_commit_ = 0;
  std::map<size_t, uint64_t> last_place_;
  std::vector<std::string> problems_;
};

} // namespace

std::vector<std::string> check_file(const std::string& path, const told& what,
                                    script_length length, memory extent) {
  return file_checker{path, what, length, extent}.run();
}

} // namespace onewriter::test
