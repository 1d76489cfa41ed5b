#include "tests/fault/check_file.hpp"

#include "tests/oracle/soundness.hpp"
#include "tests/oracle/write_verifier.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <stdexcept>
#include <utility>

namespace onewriter::test {

namespace {

class file_checker {
public:
  file_checker(const std::string& path, const replies& heard,
               script_length length)
    : file_{path},
      heard_{heard},
      length_{length} {
    // nop
  }

  std::vector<std::string> run() {
    problems_ = problems_of(file_);
    check_writes();
    check_numbered();
    if (file_.has_table("latest"))
      check_messages();
    check_documents();
    return std::move(problems_);
  }

private:
  // -- writes -------------------------------------------------------------------

  // Those without a row of their own are counted, and nothing else.
  void check_writes() {
    std::vector<write_record> sent;
    std::copy_if(heard_.writes.begin(), heard_.writes.end(),
                 std::back_inserter(sent), [](auto& x) { return x.parts > 0; });
    write_demands demands;
    demands.last_commit = last_commit_of(file_);
    for (auto& x : verify_writes(sent, find_writes(), demands))
      problem(x.text);
  }

  found_writes find_writes() {
    std::vector<found_row> rows;
    if (!file_.has_table("entry"))
      return {};
    file_.for_each("SELECT id, part FROM entry ORDER BY rowid",
                   [&](const raw_row& x) {
                     rows.push_back({x.number(0), x.number(1)});
                   });
    auto result = sort_by_write(rows);
    if (auto tally = file_.number("SELECT n FROM tally");
        tally != result.size())
      problem("the tally has counted " + std::to_string(tally) + " writes of "
              + std::to_string(result.size()));
    return result;
  }

  void check_numbered() {
    std::vector<found_row> rows;
    if (file_.has_table("numbered"))
      file_.for_each("SELECT id FROM numbered ORDER BY rowid",
                     [&](const raw_row& x) {
                       rows.push_back({x.number(0), 1});
                     });
    write_demands demands;
    demands.last_commit = last_commit_of(file_);
    for (auto& x : verify_writes(heard_.numbered, sort_by_write(rows), demands))
      problem("with a position, " + x.text);
  }

  // -- best-effort messages -----------------------------------------------------

  void check_messages() {
    std::map<std::string, uint64_t> last;
    uint64_t count = 0;
    file_.for_each("SELECT key, number FROM latest ORDER BY rowid",
                   [&](const raw_row& x) {
                     ++count;
                     auto& before = last[x.text(0)];
                     if (x.number(1) <= before)
                       problem("message " + x.text(1) + " was written after "
                               + std::to_string(before));
                     before = std::max(before, x.number(1));
                   });
    if (!heard_.written_messages)
      return;
    auto [written, in_doubt] = *heard_.written_messages;
    if (count < written || count > written + in_doubt)
      problem(std::to_string(count) + " messages are there, and "
              + std::to_string(written) + " were counted as written, "
              + std::to_string(in_doubt) + " as unknown");
  }

  // -- documents ----------------------------------------------------------------

  void check_documents() {
    auto visible = documents_of(file_);
    if (visible.size() > 1)
      problem("one document is there more than once");
    auto version = visible.empty() ? 0 : version_of(visible.front().text);
    auto newest = uint64_t{0};
    for (auto& [number, what] : heard_.versions)
      if (what == reply_state::acknowledged)
        newest = number;
    if (version < newest)
      problem("version " + std::to_string(newest)
              + " of the document was replaced by version "
              + std::to_string(version));
  }

  uint64_t version_of(const std::string& text) {
    for (auto& [number, ignored] : heard_.versions)
      if (text == document_text(number, length_))
        return number;
    problem("the document has " + std::to_string(text.size())
            + " bytes, which are no version of it");
    return 0;
  }

  void problem(std::string what) {
    problems_.push_back(std::move(what));
  }

  raw_database file_;
  const replies& heard_;
  script_length length_;
  std::vector<std::string> problems_;
};

} // namespace

std::vector<std::string> check_file(const std::string& path,
                                    const replies& heard,
                                    script_length length) {
  try {
    return file_checker{path, heard, length}.run();
  } catch (const std::runtime_error& ex) {
    return {std::string{"the file cannot be read: "} + ex.what()};
  }
}

} // namespace onewriter::test
