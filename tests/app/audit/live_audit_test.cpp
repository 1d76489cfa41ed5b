// Audits of files that other processes really have open. Each of these is a
// child process: this one must not have the file open (see `audit.hpp`).
#include "app/audit/audit.hpp"

#include "actors/sqlite/file/owner_lock.hpp"
#include "actors/sqlite/file/startup.hpp"
#include "app/audit/gather/integrity.hpp"
#include "app/audit/judge/findings.hpp"
#include "onewriter/compat/messaging.hpp"
#include "tests/catch.hpp"
#include "tests/oracle/raw_database.hpp"
#include "tests/sqlite/child_process.hpp"
#include "tests/temp_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

using namespace onewriter;
using namespace onewriter::node;
using namespace onewriter::test;

namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

// Names and contents of all files in `folder`.
std::map<std::string, std::string> snapshot(const std::string& folder) {
  std::map<std::string, std::string> result;
  for (auto& entry : std::filesystem::directory_iterator{folder})
    result[entry.path().filename().string()] = content_of(entry.path());
  return result;
}

audit_facts audit_of(const std::string& path, bool integrity = false) {
  audit_options asked;
  asked.file = path;
  asked.integrity = integrity;
  audit_facts result;
  auto problem = gather_facts(asked, result);
  CHECK(problem == "");
  return result;
}

bool has_lock(const audit_facts& x, file_part part, int64_t process,
              bool exclusive, uint64_t byte) {
  return std::any_of(x.locks.begin(), x.locks.end(), [&](const file_lock& y) {
    return y.part == part && y.process == process && y.exclusive == exclusive
           && !y.waiting && y.first <= byte && byte <= y.last;
  });
}

bool finds(const audit_facts& x, const std::string& code) {
  auto all = judge(x);
  return std::any_of(all.begin(), all.end(),
                     [&](const finding& y) { return y.code == code; });
}

void make_table(const std::string& path, const std::string& mode) {
  in_child([&] {
    raw_database db{path};
    db.run("PRAGMA journal_mode=" + mode
           + "; CREATE TABLE t(a); INSERT INTO t VALUES(1)");
    return std::string{"done"};
  });
}

// Whether a further process gets the lock for writing.
std::string attempt_to_write(const std::string& path) {
  return in_child([&] {
    raw_database db{path};
    db.run("PRAGMA busy_timeout=0");
    return db.outcome("BEGIN IMMEDIATE");
  });
}

// Has a database open with a reader at an old state and a writer in a
// transaction, until it is told to end.
class busy_owner {
public:
  explicit busy_owner(const std::string& path)
    : process_{[path](talk_end& parent) {
        raw_database writer{path};
        writer.run("PRAGMA wal_autocheckpoint=0; INSERT INTO t VALUES(2)");
        raw_database reader{path};
        reader.run("BEGIN; SELECT * FROM t");
        writer.run("INSERT INTO t VALUES(zeroblob(5000000)); BEGIN IMMEDIATE;"
                   "INSERT INTO t VALUES(4)");
        parent.tell();
        parent.wait();
        parent.tell(writer.outcome("COMMIT"));
        parent.wait();
      }} {
    process_.wait();
  }

  int64_t pid() const {
    return process_.pid();
  }

  std::string commit() {
    process_.tell();
    return process_.wait();
  }

private:
  child_process process_;
};

// What the command prints to standard output and to standard error, with its
// exit status in front.
std::string run_of(const std::string& path) {
  temp_folder folder;
  auto out = folder.file("out");
  auto errors = folder.file("errors");
  // The child would print what this process has not printed yet.
  std::cout.flush();
  auto status = in_child([&] {
    auto to = ::open(out.c_str(), O_WRONLY | O_CREAT, 0600);
    auto errors_to = ::open(errors.c_str(), O_WRONLY | O_CREAT, 0600);
    ::dup2(to, STDOUT_FILENO);
    ::dup2(errors_to, STDERR_FILENO);
    audit_options asked;
    asked.file = path;
    return std::to_string(run_audit(asked));
  });
  return status + " out: " + content_of(out) + " errors: " + content_of(errors);
}

} // namespace

TEST_CASE("an audit sees who has a file open, with its locks and its SQLite") {
  temp_folder folder;
  auto path = folder.file("test.db");
  make_table(path, "wal");
  busy_owner owner{path};
  auto found = audit_of(path);
  CHECK(found.header.uses_log());
  REQUIRE(found.processes.open.size() == 1);
  auto& process = found.processes.open.front();
  CHECK(process.id == owner.pid());
  CHECK(process.command.find("onewriter_test") != std::string::npos);
  CHECK(process.handles[file_part::file].writing == 2);
  CHECK(process.handles[file_part::log].writing == 2);
  CHECK(process.handles[file_part::index].total() >= 1);
  CHECK(process.lost.empty());
  REQUIRE_FALSE(process.libraries.empty());
  auto has_bug = sqlite::has_wal_reset_bug(sqlite::sqlite_version_number());
  CHECK(process.libraries.front().bug
        == (has_bug ? reset_bug::yes : reset_bug::no));
  CHECK(process.libraries.front().version == sqlite::sqlite_version());
  CHECK(finds(found, "wal_reset_bug") == has_bug);
  auto index = file_part::index;
  CHECK(has_lock(found, index, owner.pid(), true, 120));
  CHECK(has_lock(found, index, owner.pid(), false, 128));
  CHECK(has_lock(found, file_part::file, owner.pid(), false, 0x40000002));
  CHECK_FALSE(owner_of(found));
}

TEST_CASE("an audit sees which reader pins the log") {
  temp_folder folder;
  auto path = folder.file("test.db");
  make_table(path, "wal");
  busy_owner owner{path};
  auto found = audit_of(path);
  REQUIRE(found.log.index);
  CHECK(found.log.page_bytes == 4'096);
  auto pins = pins_of(found);
  // The writer reads as well, at the end of the log.
  REQUIRE(pins.size() == 2);
  CHECK(pins.back().frame == found.log.index->frames);
  CHECK(pins.front().process == owner.pid());
  CHECK(pins.front().frame < found.log.index->frames);
  CHECK(finds(found, "log_pinned"));
}

TEST_CASE("an audit leaves files and locks of others as they are") {
  temp_folder folder;
  auto path = folder.file("test.db");
  make_table(path, "wal");
  busy_owner owner{path};
  auto integrity = GENERATE(false, true);
  auto before = snapshot(folder.path());
  auto found = audit_of(path, integrity);
  CHECK(snapshot(folder.path()) == before);
  CHECK(attempt_to_write(path) == "database is locked");
  CHECK(has_lock(audit_of(path), file_part::index, owner.pid(), true, 120));
  CHECK(
    found.integrity.outcome
    == (integrity ? integrity_outcome::sound : integrity_outcome::unchecked));
  CHECK(owner.commit() == "ok");
}

TEST_CASE("a file that no process uses is checked, and left as it is") {
  temp_folder folder;
  auto path = folder.file("test.db");
  auto mode = GENERATE(as<std::string>{}, "wal", "delete");
  make_table(path, mode);
  auto before = snapshot(folder.path());
  auto found = audit_of(path, GENERATE(false, true));
  CHECK(snapshot(folder.path()) == before);
  CHECK(found.processes.open.empty());
  CHECK(found.locks.empty());
  CHECK(found.integrity.outcome == integrity_outcome::sound);
}

TEST_CASE("a file in use without a log is checked only between transactions") {
  temp_folder folder;
  auto path = folder.file("test.db");
  make_table(path, "delete");
  child_process other{[&](talk_end& parent) {
    raw_database db{path};
    db.run("SELECT * FROM t");
    parent.tell();
    parent.wait();
    db.run("BEGIN EXCLUSIVE");
    parent.tell();
    parent.wait();
  }};
  other.wait();
  auto before = snapshot(folder.path());
  CHECK(audit_of(path).integrity.outcome == integrity_outcome::unchecked);
  CHECK(audit_of(path, true).integrity.outcome == integrity_outcome::sound);
  other.tell();
  other.wait();
  auto found = audit_of(path, true);
  CHECK(found.integrity.outcome == integrity_outcome::unchecked);
  CHECK(found.integrity.reason == "database is locked");
  constexpr uint64_t reserved = 0x40000001;
  CHECK(has_lock(found, file_part::file, other.pid(), true, reserved));
  CHECK(snapshot(folder.path()) == before);
}

TEST_CASE("a check creates no log for a file that has none yet") {
  temp_folder folder;
  auto path = folder.file("test.db");
  make_table(path, "wal");
  child_process other{[&](talk_end& parent) {
    raw_database db{path};
    parent.tell();
    parent.wait();
  }};
  other.wait();
  auto before = snapshot(folder.path());
  auto found = audit_of(path, true);
  CHECK(found.processes.open.size() == 1);
  CHECK(found.integrity.outcome == integrity_outcome::unchecked);
  CHECK(snapshot(folder.path()) == before);
}

TEST_CASE("damage is found") {
  temp_folder folder;
  auto path = folder.file("test.db");
  make_table(path, "delete");
  std::fstream file{path, std::ios::binary | std::ios::in | std::ios::out};
  file.seekp(4'096);
  file << std::string(4'096, '\x55');
  file.close();
  auto found = audit_of(path);
  CHECK(found.integrity.outcome == integrity_outcome::damaged);
  CHECK_FALSE(found.integrity.problems.empty());
  CHECK(has_risk(judge(found)));
}

TEST_CASE("a check of the content ends when its time is over") {
  temp_folder folder;
  auto path = folder.file("test.db");
  in_child([&] {
    raw_database db{path};
    db.run("CREATE TABLE t(a);"
           "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
           "LIMIT 20000) INSERT INTO t SELECT i FROM n");
    return std::string{"done"};
  });
  auto found = check_integrity(path, check_access::unused, true,
                               std::chrono::nanoseconds{1});
  CHECK(found.outcome == integrity_outcome::unfinished);
  CHECK(found.problems.empty());
}

TEST_CASE("a log that a killed process left is neither lost nor recovered") {
  temp_folder folder;
  auto path = folder.file("test.db");
  make_table(path, "wal");
  {
    child_process killed{[&](talk_end& parent) {
      raw_database db{path};
      db.run("INSERT INTO t VALUES(2)");
      parent.tell();
      parent.wait();
      ::raise(SIGKILL);
    }};
    killed.wait();
    CHECK(WIFSIGNALED(killed.end()));
  }
  auto before = snapshot(folder.path());
  CHECK(before.count("test.db-wal") == 1);
  auto found = audit_of(path, GENERATE(false, true));
  CHECK(snapshot(folder.path()) == before);
  CHECK(found.log.committed > 0);
  CHECK(found.processes.open.empty());
  CHECK(finds(found, "log_left"));
}

TEST_CASE("a transaction that a killed process cut off is found") {
  temp_folder folder;
  auto path = folder.file("test.db");
  make_table(path, "delete");
  {
    child_process killed{[&](talk_end& parent) {
      raw_database db{path};
      // Spilling writes to the file in the middle of the transaction.
      db.run("PRAGMA cache_size=1; PRAGMA cache_spill=1; BEGIN IMMEDIATE;"
             "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
             "LIMIT 1000) INSERT INTO t SELECT randomblob(2000) FROM n");
      parent.tell();
      parent.wait();
      ::raise(SIGKILL);
    }};
    killed.wait();
    auto live = audit_of(path);
    CHECK(live.journal_filled);
    CHECK_FALSE(finds(live, "hot_journal"));
    CHECK(WIFSIGNALED(killed.end()));
  }
  auto before = snapshot(folder.path());
  auto found = audit_of(path, GENERATE(false, true));
  CHECK(snapshot(folder.path()) == before);
  CHECK(finds(found, "hot_journal"));
  CHECK(found.integrity.outcome == integrity_outcome::unchecked);
}

TEST_CASE("an index that was deleted under a process is found") {
  temp_folder folder;
  auto path = folder.file("test.db");
  make_table(path, "wal");
  busy_owner owner{path};
  std::filesystem::remove(path + "-shm");
  auto found = audit_of(path);
  REQUIRE(found.processes.open.size() == 1);
  REQUIRE_FALSE(found.processes.open.front().lost.empty());
  CHECK(found.processes.open.front().lost.front().part == file_part::index);
  CHECK(finds(found, "deleted_while_open"));
}

TEST_CASE("the owner of a file is found by its lock") {
  temp_folder folder;
  auto path = folder.file("test.db");
  make_table(path, "wal");
  child_process owner{[&](talk_end& parent) {
    auto lock = sqlite::owner_lock::acquire(path);
    raw_database db{path};
    db.run("INSERT INTO t VALUES(2)");
    parent.tell();
    parent.wait();
  }};
  owner.wait();
  auto found = audit_of(path);
  REQUIRE(owner_of(found));
  CHECK(*owner_of(found) == owner.pid());
  CHECK(found.named_owner == std::to_string(owner.pid()));
  CHECK_FALSE(finds(found, "wal_reset_bug"));
  owner.end();
  found = audit_of(path);
  CHECK_FALSE(owner_of(found));
  CHECK_FALSE(finds(found, "owner_left"));
}

TEST_CASE("a name with a link leads to the same processes") {
  temp_folder folder;
  auto path = folder.file("test.db");
  make_table(path, "wal");
  std::filesystem::create_symlink(path, folder.file("link.db"));
  busy_owner owner{path};
  auto found = audit_of(folder.file("link.db"));
  CHECK(found.path == path);
  CHECK(found.processes.open.size() == 1);
  CHECK(found.log.index);
}

TEST_CASE("a second name of a file is found") {
  temp_folder folder;
  auto path = folder.file("test.db");
  make_table(path, "wal");
  std::filesystem::create_hard_link(path, folder.file("other.db"));
  CHECK(finds(audit_of(path), "several_names"));
}

TEST_CASE("the exit status says whether a file is at risk") {
  temp_folder folder;
  auto path = folder.file("test.db");
  CHECK(run_of(path)
        == "2 out:  errors: onewriter: " + path
             + ": No such file or directory\n");
  make_table(path, "wal");
  CHECK(run_of(path).find("0 out: onewriter audit: nothing at risk") == 0);
  std::filesystem::create_hard_link(path, folder.file("other.db"));
  CHECK(run_of(path).find("1 out: onewriter audit: 1 risk") == 0);
}

TEST_CASE("a name with characters of URIs is checked as it is") {
  temp_folder folder;
  auto path = folder.file("a%20b?c#d.db");
  make_table(path, "wal");
  CHECK(audit_of(path).integrity.outcome == integrity_outcome::sound);
}
