#include "app/arguments.hpp"
#include "app/audit/audit_arguments.hpp"
#include "app/audit/report/report_json.hpp"
#include "app/audit/report/report_text.hpp"
#include "app/audit/report/wrapped_text.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <sstream>

#include <nlohmann/json.hpp>

using namespace onewriter;
using namespace onewriter::node;

namespace {

// A file that is at risk in several ways.
audit_facts risky() {
  audit_facts result;
  result.path = "/srv/shop.db";
  result.parts[file_part::file] = {sqlite::file_identity{1, 2}, 81'920};
  result.parts[file_part::log] = {sqlite::file_identity{1, 3}, 4'120'032};
  result.parts[file_part::index] = {sqlite::file_identity{1, 4}, 32'768};
  result.header = {4'096, 2, 2};
  result.log.page_bytes = 4'096;
  result.log.index = index_facts{1'200, 200, {0, 200, 1'200, 0, 0}};
  open_process process;
  process.id = 4'194'303;
  process.command = "/usr/bin/python3 /srv/a/very/long/path/to/report.py\n";
  process.handles[file_part::file] = {1, 2};
  process.libraries
    = {{"/usr/lib/libsqlite3.so.0", "3.40.1", "2022-12-28", reset_bug::yes}};
  result.processes.open = {process};
  file_lock lock;
  lock.part = file_part::index;
  lock.process = process.id;
  lock.first = 124;
  lock.last = 124;
  result.locks = {lock};
  result.integrity.reason = "other processes have the file open";
  return result;
}

std::string text_of(const audit_facts& x) {
  std::string result;
  for (auto& line : report_text(x, judge(x)))
    result += line.render(false) + '\n';
  return result;
}

bool has_line(const std::string& text, const std::string& line) {
  return text.find('\n' + line + '\n') != text.npos;
}

std::string problem_of(const std::vector<std::string>& words) {
  return parse_arguments(words).problem;
}

} // namespace

TEST_CASE("a report shows files, processes, locks and findings") {
  auto text = text_of(risky());
  CHECK(text.find("onewriter audit: 1 risk, 2 notes\n") == 0);
  CHECK(has_line(text, "  file       /srv/shop.db, 81.9 kB in pages of 4,096 "
                       "bytes"));
  CHECK(has_line(text,
                 "  journal    write-ahead log, 4.1 MB: 1,200 frames, 200 "
                 "copied into the file"));
  CHECK(has_line(text, "  pinned     at frame 200 by a reader of process "
                       "4194303 (python3)"));
  CHECK(has_line(text, "  owner      none"));
  CHECK(has_line(text, "  process  command                    writing  "
                       "reading  SQLite"));
  CHECK(has_line(text, "  4194303  -shm  shared  READ 1: up to frame 200"));
  CHECK(text.find("\n  RISK  ") != text.npos);
  CHECK(text.find("\n  note  ") != text.npos);
}

TEST_CASE("a process that only its locks show is in the report") {
  auto x = risky();
  x.processes.open.clear();
  x.processes.unreadable = 1;
  x.locks[0].process = 12;
  x.log.index->copied = 1'200;
  x.log.index->read_marks[1] = 1'200;
  auto text = text_of(x);
  CHECK(text.find("onewriter audit: nothing at risk, as far as can be seen, 2 "
                  "notes\n")
        == 0);
  CHECK(has_line(text, "       12  seen by its locks only        ?        "
                       "?  unknown"));
}

TEST_CASE("a report fits into 80 columns") {
  std::istringstream lines{text_of(risky())};
  size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count)
    CHECK(line.size() <= 80);
  CHECK(count > 20);
}

TEST_CASE("each SQLite that a process has loaded has a line") {
  auto x = risky();
  auto& libraries = x.processes.open.front().libraries;
  libraries = {{"/usr/bin/a", "", "2022-12-28", reset_bug::yes},
               {"/usr/lib/b", "3.51.3", "2026-03-13", reset_bug::no}};
  auto text = text_of(x);
  CHECK(text.find("        2        1  of 2022-12-28, reset bug\n"
                  + std::string(56, ' ') + "3.51.3\n")
        != text.npos);
  libraries.clear();
  CHECK(text_of(x).find("        2        1  unknown\n") != text.npos);
}

TEST_CASE("a report about nothing at risk says so") {
  audit_facts x;
  x.path = "/srv/shop.db";
  x.parts[file_part::file] = {sqlite::file_identity{1, 2}, 8'192};
  x.header = {4'096, 1, 1};
  x.integrity.outcome = integrity_outcome::sound;
  x.integrity.check = "quick_check";
  auto text = text_of(x);
  CHECK(text.find("onewriter audit: nothing at risk\n") == 0);
  CHECK(has_line(text, "  journal    rollback journal, none now"));
  CHECK(has_line(text, "  integrity  quick_check found nothing wrong"));
  CHECK(text.find("Findings") == text.npos);
}

TEST_CASE("the JSON object has all facts and findings") {
  auto facts = risky();
  auto parsed = nlohmann::json::parse(report_json(facts, judge(facts)));
  CHECK(parsed["at_risk"] == true);
  CHECK(parsed["path"] == "/srv/shop.db");
  CHECK(parsed["files"].size() == 3);
  CHECK(parsed["journal"]["mode"] == "wal");
  CHECK(parsed["journal"]["index"]["copied"] == 200);
  CHECK(parsed["journal"]["index"]["held_read_marks"][0]["frame"] == 200);
  CHECK(parsed["owner"].is_null());
  CHECK(parsed["processes"][0]["process"] == 4'194'303);
  CHECK(parsed["processes"][0]["open_files"][0]["writing"] == 2);
  CHECK(parsed["processes"][0]["sqlite"][0]["wal_reset_bug"] == "yes");
  CHECK(parsed["locks"][0]["meaning"] == "READ 1");
  CHECK(parsed["integrity"]["outcome"] == "unchecked");
  CHECK(parsed["findings"].size() == 3);
  CHECK(parsed["findings"][0]["level"] == "risk");
}

TEST_CASE("a name that is not UTF-8 does not break the JSON object") {
  auto facts = risky();
  facts.path = "/srv/\xff.db";
  auto parsed = nlohmann::json::parse(report_json(facts, judge(facts)));
  CHECK(parsed["path"].get<std::string>().size() > 8);
}

TEST_CASE("texts are broken at spaces") {
  using lines = std::vector<std::string>;
  CHECK(wrapped("one two three", 7) == lines{"one two", "three"});
  CHECK(wrapped("a /very/long/path b", 6)
        == lines{"a", "/very/long/path", "b"});
  CHECK(wrapped("", 7).empty());
}

TEST_CASE("an audit takes a file or a source tree") {
  auto result = parse_arguments({"audit", "shop.db"});
  CHECK(result.problem.empty());
  CHECK(result.command == command::audit);
  CHECK(result.audit.file == "shop.db");
  CHECK_FALSE(result.audit.integrity);
  CHECK_FALSE(result.audit.json);
  CHECK(result.audit.integrity_time == std::chrono::seconds{10});
  result = parse_arguments(
    {"audit", "--integrity", "--json", "--seconds=2.5", "shop.db"});
  CHECK(result.problem.empty());
  CHECK(result.audit.integrity);
  CHECK(result.audit.json);
  CHECK(result.audit.integrity_time == std::chrono::milliseconds{2'500});
  result = parse_arguments({"audit", "--source", "/tree"});
  CHECK(result.problem.empty());
  CHECK(result.audit.source == "/tree");
}

TEST_CASE("bad arguments of an audit are named") {
  CHECK(problem_of({"audit"}) == "audit requires FILE or --source DIR");
  CHECK(problem_of({"audit", ""}) == "FILE: must not be empty");
  CHECK(problem_of({"audit", "a", "b"}) == "unexpected argument 'b'");
  CHECK(problem_of({"audit", "a", "--source=b"})
        == "audit takes FILE or --source DIR, not both");
  CHECK(problem_of({"audit", "a", "--loud"}) == "unknown option --loud");
  CHECK(problem_of({"audit", "a", "--seconds=0"})
        == "--seconds: must be a number from 0.01 to 86,400, not '0'");
}

TEST_CASE("the help of an audit fits into 80 columns and names the status") {
  auto text = parse_arguments({"audit", "--help"}).text;
  CHECK(text.find("Exit status") != text.npos);
  CHECK(parse_arguments({"--help", "audit"}).text == text);
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);)
    CHECK(line.size() <= 80);
}
