#include "app/audit/judge/findings.hpp"

#include "tests/catch.hpp"

#include <algorithm>

using namespace onewriter;
using namespace onewriter::node;

namespace {

sqlite_copy sqlite_with(reset_bug bug) {
  sqlite_copy result;
  result.version = bug == reset_bug::yes ? "3.40.1" : "3.51.3";
  result.bug = bug;
  return result;
}

open_process process(int64_t id, uint32_t writing, uint32_t reading,
                     reset_bug bug = reset_bug::no) {
  open_process result;
  result.id = id;
  result.command = "/usr/bin/shop --serve";
  result.handles[file_part::file].writing = writing;
  result.handles[file_part::file].reading = reading;
  result.libraries = {sqlite_with(bug)};
  return result;
}

file_lock lock_on(file_part part, int64_t id, bool exclusive, uint64_t byte) {
  file_lock result;
  result.part = part;
  result.process = id;
  result.exclusive = exclusive;
  result.first = byte;
  result.last = byte;
  return result;
}

file_lock owner_lock_of(int64_t id) {
  auto result = lock_on(file_part::owner, id, true, 0);
  result.kind = lock_kind::flock;
  return result;
}

// A file with a log that no process uses.
audit_facts quiet() {
  audit_facts result;
  result.path = "/srv/shop.db";
  result.parts[file_part::file] = {sqlite::file_identity{1, 2}, 8'192};
  result.header = {4'096, 2, 2};
  result.integrity.outcome = integrity_outcome::sound;
  result.integrity.check = "quick_check";
  return result;
}

audit_facts owned() {
  auto result = quiet();
  result.parts[file_part::owner].identity = sqlite::file_identity{1, 3};
  result.locks = {owner_lock_of(7)};
  result.processes.open = {process(7, 3, 4, reset_bug::yes)};
  return result;
}

// 1,200 frames, 200 of them in the file.
audit_facts with_log() {
  auto result = quiet();
  result.parts[file_part::log] = {sqlite::file_identity{1, 4}, 4'120'032};
  result.parts[file_part::index] = {sqlite::file_identity{1, 5}, 32'768};
  result.processes.open = {process(7, 1, 0)};
  result.log.page_bytes = 4'096;
  result.log.index = index_facts{1'200, 200, {0, 200, 1'200, 0, 0}};
  return result;
}

// "risk CODE" or "note CODE" of each finding, separated by commas.
std::string codes(const audit_facts& x) {
  std::string result;
  for (auto& found : judge(x)) {
    CHECK_FALSE(found.what.empty());
    CHECK_FALSE(found.advice.empty());
    result
      += (result.empty() ? "" : ", ")
         + std::string{found.level == finding_level::risk ? "risk " : "note "}
         + found.code;
  }
  return result;
}

std::string first_text(const audit_facts& x) {
  auto all = judge(x);
  return all.empty() ? "" : all.front().what;
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

} // namespace

TEST_CASE("nothing is found in a file that no process uses") {
  CHECK(codes(quiet()).empty());
  CHECK_FALSE(has_risk(judge(quiet())));
}

TEST_CASE("a file with an owner that is alone is not at risk") {
  CHECK(codes(owned()).empty());
}

TEST_CASE("others may read beside an owner, but not write") {
  auto x = owned();
  x.processes.open.push_back(process(8, 0, 2, reset_bug::yes));
  CHECK(codes(x).empty());
  x.processes.open.push_back(process(9, 1, 0));
  CHECK(codes(x) == "risk wal_reset_bug, risk writer_beside_owner");
  CHECK(has_risk(judge(x)));
}

TEST_CASE("a writer beside an owner is also known by its lock") {
  auto x = owned();
  x.processes.unreadable = 1;
  x.locks.push_back(lock_on(file_part::index, 9, false, 128));
  CHECK(codes(x) == "note unreadable_processes");
  x.locks.push_back(lock_on(file_part::index, 9, true, 120));
  CHECK(codes(x)
        == "risk wal_reset_bug, risk writer_beside_owner, "
           "note unreadable_processes");
}

TEST_CASE("two connections that write reach the WAL-reset bug") {
  auto x = quiet();
  x.processes.open = {process(7, 1, 0, reset_bug::yes)};
  CHECK(codes(x) == "note wal_reset_bug");
  x.processes.open[0].handles[file_part::file].writing = 2;
  CHECK(codes(x) == "risk wal_reset_bug");
  CHECK(mentions(first_text(x), "process 7 (shop)"));
  x.processes.open = {process(7, 1, 0, reset_bug::yes), process(8, 1, 0)};
  CHECK(codes(x) == "risk wal_reset_bug, note several_writers");
  CHECK_FALSE(mentions(first_text(x), "process 8"));
}

TEST_CASE("readers and files without a log do not reach the bug") {
  auto x = quiet();
  x.processes.open = {process(7, 1, 0), process(8, 0, 1, reset_bug::yes)};
  CHECK(codes(x).empty());
  x.processes.open = {process(7, 2, 0, reset_bug::yes)};
  x.header = {4'096, 1, 1};
  CHECK(codes(x).empty());
}

TEST_CASE("a SQLite that is not known is named as such") {
  auto x = quiet();
  x.processes.open = {process(7, 2, 0)};
  CHECK(codes(x).empty());
  x.processes.open[0].libraries.clear();
  CHECK(codes(x) == "note unknown_sqlite");
  x.processes.open[0].libraries = {sqlite_with(reset_bug::unknown)};
  CHECK(codes(x) == "note unknown_sqlite");
  x.processes.open[0].handles[file_part::file].writing = 1;
  CHECK(codes(x).empty());
}

TEST_CASE("several writers without an owner are named, up to four") {
  auto x = quiet();
  for (auto id = 1; id <= 6; ++id)
    x.processes.open.push_back(process(id, 1, 0));
  CHECK(codes(x) == "note several_writers");
  CHECK(mentions(first_text(x), "6 processes"));
  CHECK(mentions(first_text(x), "process 3 (shop) and 3 more"));
  CHECK_FALSE(mentions(first_text(x), "process 4"));
}

TEST_CASE("a deleted file that is still open is a risk, told once") {
  auto x = quiet();
  x.processes.open = {process(7, 1, 0)};
  x.processes.open[0].lost = {{file_part::index, 5}, {file_part::index, 6}};
  CHECK(codes(x) == "risk deleted_while_open");
  CHECK(mentions(first_text(x), "/srv/shop.db-shm"));
  x.processes.open[0].lost.push_back({file_part::log, 8});
  CHECK(codes(x) == "risk deleted_while_open, risk deleted_while_open");
  CHECK(mentions(judge(x)[1].advice, "/proc/7/fd/8"));
}

TEST_CASE("a place that is not safe is a risk") {
  auto x = quiet();
  x.network = true;
  CHECK(codes(x) == "risk network_file_system");
  x = quiet();
  x.names = 2;
  CHECK(codes(x) == "risk several_names");
  x = quiet();
  x.parts[file_part::file].bytes = 0;
  x.header = {};
  CHECK(codes(x) == "note empty");
}

TEST_CASE("a journal that no process writes was cut off") {
  auto x = quiet();
  x.header = {4'096, 1, 1};
  x.journal_filled = true;
  CHECK(codes(x) == "risk hot_journal");
  constexpr uint64_t reserved = 0x40000001;
  x.locks = {lock_on(file_part::file, 7, true, reserved)};
  CHECK(codes(x).empty());
  x.locks[0].waiting = true;
  CHECK(codes(x) == "risk hot_journal");
  x.locks = {lock_on(file_part::file, 7, false, reserved + 1)};
  CHECK(codes(x) == "risk hot_journal");
}

TEST_CASE("a log is pinned by a lock on a read mark below its end") {
  constexpr uint64_t read_lock = 123;
  auto x = with_log();
  CHECK(codes(x).empty());
  x.locks = {lock_on(file_part::index, 8, false, read_lock + 2)};
  CHECK(codes(x).empty());
  x.locks.push_back(lock_on(file_part::index, 9, false, read_lock + 1));
  CHECK(codes(x) == "note log_pinned");
  CHECK(mentions(first_text(x), "process 9"));
  CHECK(mentions(first_text(x), "frame 200 of 1,200"));
  // An exclusive lock is held for the moment in which a mark is set.
  x.locks[1].exclusive = true;
  CHECK(codes(x).empty());
  x.locks[1] = lock_on(file_part::index, 9, false, read_lock);
  CHECK(codes(x) == "note log_pinned");
  x.log.index->copied = 1'200;
  CHECK(codes(x).empty());
  x.log.index->copied = 201;
  CHECK(codes(x).empty());
}

TEST_CASE("a large log is a risk once it is pinned") {
  auto x = with_log();
  x.parts[file_part::log].bytes = large_log_bytes;
  CHECK(codes(x) == "note large_log");
  x.locks = {lock_on(file_part::index, 9, false, 124)};
  CHECK(codes(x) == "risk log_pinned");
  x.parts[file_part::log].bytes = large_log_bytes - 1;
  CHECK(codes(x) == "note log_pinned");
}

TEST_CASE("advice is for a file that has an owner, or none") {
  auto x = with_log();
  auto advice_for = [&x](const char* code) -> std::string {
    for (auto& y : judge(x))
      if (std::string{y.code} == code)
        return y.advice;
    return "none";
  };
  x.parts[file_part::log].bytes = large_log_bytes;
  CHECK(advice_for("large_log").find("Let the program that writes") == 0);
  CHECK(advice_for("integrity_unchecked") == "none");
  x.integrity.outcome = integrity_outcome::unchecked;
  x.integrity.check.clear();
  CHECK(advice_for("integrity_unchecked")
        == "Use --integrity to check it as one more reader.");
  x.processes.open.clear();
  x.locks.clear();
  x.log.index.reset();
  CHECK(advice_for("large_log").find("Nothing has it open: ") == 0);
}

TEST_CASE("a log without a process was left") {
  auto x = with_log();
  x.processes.open.clear();
  x.log.index.reset();
  x.log.committed = 1'000;
  CHECK(codes(x) == "note log_left");
  x.processes.unreadable = 3;
  CHECK(codes(x) == "note unreadable_processes, note log_left");
  // Locks are seen of all processes.
  x.locks = {lock_on(file_part::index, 9, false, 128)};
  CHECK(codes(x) == "note unreadable_processes");
  x = with_log();
  x.processes.open.clear();
  x.log.index.reset();
  CHECK(codes(x).empty());
}

TEST_CASE("a log that is not the file's own is a risk") {
  auto x = with_log();
  x.log.page_bytes = 1'024;
  CHECK(codes(x) == "risk foreign_log");
  x = with_log();
  x.header = {4'096, 1, 1};
  CHECK(codes(x) == "risk foreign_log");
  x.parts[file_part::log].bytes = 0;
  CHECK(codes(x).empty());
}

TEST_CASE("what an owner that was killed has left is told") {
  auto x = quiet();
  x.parts[file_part::owner].identity = sqlite::file_identity{1, 3};
  x.named_owner = "4711";
  CHECK(codes(x) == "note owner_left");
  CHECK(mentions(first_text(x), "process 4711"));
}

TEST_CASE("what cannot be seen is told") {
  auto x = quiet();
  x.processes.unreadable = 2;
  CHECK(codes(x) == "note unreadable_processes");
  x.processes.hidden = true;
  CHECK(codes(x) == "note hidden_processes");
  x.processes.known = false;
  CHECK(codes(x) == "note no_proc");
}

TEST_CASE("each outcome of the check of the content is told") {
  auto x = quiet();
  x.integrity.outcome = integrity_outcome::damaged;
  x.integrity.problems = {"*** in database main ***\nPage 2: wrong", "row 1"};
  CHECK(codes(x) == "risk damaged");
  CHECK(mentions(first_text(x), "main *** Page 2: wrong; row 1"));
  x.integrity.outcome = integrity_outcome::unfinished;
  CHECK(codes(x) == "note integrity_unfinished");
  x.integrity.outcome = integrity_outcome::unchecked;
  x.integrity.reason = "it is in use";
  CHECK(codes(x) == "note integrity_unchecked");
  CHECK(mentions(first_text(x), "it is in use"));
}

TEST_CASE("risks come before notes") {
  auto x = quiet();
  x.integrity.outcome = integrity_outcome::unchecked;
  x.names = 2;
  CHECK(codes(x) == "risk several_names, note integrity_unchecked");
}
