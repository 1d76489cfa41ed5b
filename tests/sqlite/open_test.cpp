#include "actors/sqlite/file/startup.hpp"
#include "tests/sqlite/child_process.hpp"
#include "tests/sqlite/database_file.hpp"

#include <fstream>

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace onewriter;
using namespace onewriter::test;
using sqlite::role;

namespace {

void write_file(const std::string& path, const std::string& content) {
  std::ofstream{path, std::ios::binary} << content;
}

std::string pragma(sqlite::connection& db, const std::string& name) {
  auto result = db.run_internal("PRAGMA " + name);
  return result ? to_string(*result) : describe(result.error());
}

// Everything that is set when a connection opens.
std::string settings_of(sqlite::connection& db) {
  std::string result;
  for (auto name :
       {"journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint",
        "mmap_size", "busy_timeout", "cache_size", "journal_size_limit",
        "temp_store", "query_only"})
    result += std::string{name} + " " + pragma(db, name);
  return result;
}

// The refusal as a user without root's rights sees it.
std::string refusal_as_nobody(const sqlite::connection_options& options) {
  return in_child([&options] {
    constexpr auto nobody = 65534;
    if (::getuid() == 0 && ::setresuid(nobody, nobody, nobody) != 0)
      return std::string{"cannot become nobody"};
    return refusal_of(options);
  });
}

} // namespace

// -- settings -------------------------------------------------------------------

TEST_CASE_METHOD(database_file, "every setting of a connection has taken") {
  auto chosen = options(role::writer);
  chosen.synchronous = synchronous::normal;
  chosen.foreign_keys = false;
  chosen.busy_timeout = std::chrono::microseconds{7'001};
  chosen.cache_bytes = 1024 * 1024;
  chosen.wal_limit_bytes = 5'000'000;
  auto db = open(chosen);
  CHECK(settings_of(*db)
        == "journal_mode 'wal'\nsynchronous 1\nforeign_keys 0\n"
           "wal_autocheckpoint 0\nmmap_size 0\nbusy_timeout 8\n"
           "cache_size -1024\njournal_size_limit 5000000\ntemp_store 1\n"
           "query_only 0\n");
  CHECK(settings_of(*open(role::reader))
        == "journal_mode 'wal'\nsynchronous 2\nforeign_keys 1\n"
           "wal_autocheckpoint 0\nmmap_size 0\nbusy_timeout 5\n"
           "cache_size -16384\njournal_size_limit 33554432\ntemp_store 1\n"
           "query_only 1\n");
}

TEST_CASE("options of a database become those of a connection") {
  options x;
  x.path = "a.db";
  x.busy_timeout = std::chrono::milliseconds{9};
  x.max_result_rows = 3;
  x.max_result_bytes = 4;
  auto y = sqlite::connection_options::from(x, role::reader);
  CHECK(y.path == "a.db");
  CHECK(y.role == role::reader);
  CHECK(y.busy_timeout == std::chrono::milliseconds{9});
  auto limits = y.limits(sqlite::on_limit::fail);
  CHECK(limits.max_rows == 3);
  CHECK(limits.max_bytes == 4);
  CHECK(limits.beyond == sqlite::on_limit::fail);
}

// -- wrong files ------------------------------------------------------------------

TEST_CASE_METHOD(database_file, "what is no database is refused") {
  for (auto& content :
       {std::string{"hello"}, std::string(10'000, 'x'),
        std::string{"SQLite format 3\0", 16} + std::string(10'000, '\xff')}) {
    write_file(path, content);
    CHECK(refusal_of(options(role::writer)) == "not_a_database");
    CHECK(refusal_of(options(role::reader)) == "not_a_database");
  }
  // What could not be opened was not changed either.
  CHECK(sqlite::connection::open(options(role::writer)).error() != caf::none);
  CHECK(std::filesystem::file_size(path) == 10'016);
}

TEST_CASE_METHOD(database_file, "an empty file becomes a database") {
  write_file(path, "");
  CHECK(answer(*open(role::writer), "CREATE TABLE t(x)") == "");
}

TEST_CASE_METHOD(database_file, "a file with two names is refused") {
  REQUIRE(open(role::writer));
  std::filesystem::create_hard_link(path, folder.file("other.db"));
  auto refused = sqlite::connection::open(options(role::writer));
  REQUIRE_FALSE(refused);
  CHECK(code_of(refused.error()) == ec::cannot_open);
  CHECK(describe(refused.error()).find("hard links") != std::string::npos);
  std::filesystem::remove(folder.file("other.db"));
  CHECK(open(role::writer));
}

TEST_CASE_METHOD(database_file, "a path that leads nowhere is refused") {
  auto chosen = options(role::writer);
  chosen.path = folder.file("missing/test.db");
  CHECK(refusal_of(chosen) == "cannot_open");
  CHECK(contains(describe(sqlite::connection::open(chosen).error()),
                 "missing cannot be opened"));
  chosen.path = folder.path();
  CHECK(refusal_of(chosen) == "cannot_open");
  CHECK(contains(describe(sqlite::connection::open(chosen).error()),
                 "is a folder"));
  write_file(path, "");
  chosen.path = path + "/test.db";
  CHECK(refusal_of(chosen) == "cannot_open");
  chosen.path = folder.file("pipe");
  REQUIRE(::mkfifo(chosen.path.c_str(), 0600) == 0);
  CHECK(refusal_of(chosen) == "cannot_open");
  chosen.path = folder.file("loop");
  std::filesystem::create_symlink("loop", chosen.path);
  CHECK(refusal_of(chosen) == "cannot_open");
}

TEST_CASE_METHOD(database_file, "a reader creates nothing") {
  CHECK(refusal_of(options(role::reader)) == "cannot_open");
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE_METHOD(database_file, "a database without a log is not read") {
  write_file(path, "");
  CHECK(refusal_of(options(role::reader)) == "no_write_ahead_log");
}

TEST_CASE_METHOD(database_file, "what cannot have a log is refused") {
  auto chosen = options(role::writer);
  for (auto name : {"", ":memory:"}) {
    chosen.path = name;
    CHECK(refusal_of(chosen) == "no_write_ahead_log");
  }
  chosen.path = "/onewriter-test";
  chosen.vfs = "memdb";
  CHECK(refusal_of(chosen) == "no_write_ahead_log");
  chosen.path = path;
  chosen.vfs = "unix-none";
  CHECK(refusal_of(chosen) == "no_write_ahead_log");
}

TEST_CASE_METHOD(database_file, "odd names are refused or taken literally") {
  auto chosen = options(role::writer);
  chosen.path = "file:" + path + "?mode=memory";
  CHECK(refusal_of(chosen) == "invalid_argument");
  chosen.path = std::string("a\0b", 3);
  CHECK(refusal_of(chosen) == "invalid_argument");
  chosen.path = path;
  chosen.vfs = "no such vfs";
  CHECK(refusal_of(chosen) == "invalid_argument");
  chosen.vfs.clear();
  chosen.path = folder.path() + "/./file:x?mode=memory";
  CHECK(refusal_of(chosen) == "none");
  CHECK(std::filesystem::exists(folder.file("file:x?mode=memory")));
}

TEST_CASE_METHOD(database_file, "links lead to the file and its log") {
  std::filesystem::create_symlink("test.db", folder.file("link.db"));
  auto chosen = options(role::writer);
  chosen.path = folder.file("link.db");
  auto db = open(chosen);
  CHECK(db->options().path == path);
  CHECK(answer(*db, "CREATE TABLE t(x)") == "");
  CHECK(std::filesystem::exists(path + "-wal"));
}

TEST_CASE_METHOD(database_file, "a network file system is refused") {
  auto chosen = options(role::writer);
  chosen.is_network = [](const std::string&) {
    return true;
  };
  CHECK(refusal_of(chosen) == "network_file_system");
}

// -- files and folders that may not be used -----------------------------------------

TEST_CASE_METHOD(writer_file, "a file that may not be written is refused") {
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  REQUIRE(ok(db->close()));
  ::chmod(folder.path().c_str(), 0777);
  ::chmod(path.c_str(), 0444);
  CHECK(refusal_as_nobody(options(role::writer)) == "read_only");
  ::chmod(path.c_str(), 0000);
  CHECK(refusal_as_nobody(options(role::writer)) == "cannot_open");
  CHECK(refusal_as_nobody(options(role::reader)) == "cannot_open");
}

TEST_CASE_METHOD(writer_file, "a folder that may not be written is refused") {
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  REQUIRE(ok(db->close()));
  ::chmod(path.c_str(), 0666);
  ::chmod(folder.path().c_str(), 0555);
  CHECK(refusal_as_nobody(options(role::writer)) == "read_only");
  ::chmod(folder.path().c_str(), 0000);
  auto code = refusal_as_nobody(options(role::writer));
  ::chmod(folder.path().c_str(), 0755);
  CHECK(code == "cannot_open");
}

TEST_CASE("a file system that takes no files is refused, also as root") {
  sqlite::connection_options chosen;
  chosen.path = "/proc/onewriter.db";
  auto code = refusal_of(chosen);
  CHECK((code == "cannot_open" || code == "read_only"));
}

TEST_CASE_METHOD(writer_file, "a file that turns read-only fails clearly") {
  // A VFS that reports a read-only file to every user.
  REQUIRE(ok(db->close()));
  auto chosen = options(role::writer);
  chosen.vfs = "onewriter-read-only";
  sqlite3_vfs vfs = *sqlite3_vfs_find(nullptr);
  vfs.zName = chosen.vfs.c_str();
  vfs.pNext = nullptr;
  vfs.xOpen = [](sqlite3_vfs*, const char* name, sqlite3_file* file, int flags,
                 int* out) {
    auto base = sqlite3_vfs_find(nullptr);
    auto mask = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    return base->xOpen(base, name, file, (flags & ~mask) | SQLITE_OPEN_READONLY,
                       out);
  };
  REQUIRE(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
  auto code = refusal_of(chosen);
  sqlite3_vfs_unregister(&vfs);
  CHECK(code == "read_only");
}

// -- locks of other connections -----------------------------------------------

TEST_CASE_METHOD(database_file, "a locked file is busy, and later it is not") {
  for (auto mode : {"DELETE", "WAL"}) {
    auto holder = child_process{[&](talk_end& parent) {
      sqlite3* raw = nullptr;
      sqlite3_open(path.c_str(), &raw);
      auto sql = std::string{"PRAGMA journal_mode = "} + mode
                 + "; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; "
                   "CREATE TABLE IF NOT EXISTS t(x); INSERT INTO t VALUES(1);";
      parent.tell(sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr)
                      == SQLITE_OK
                    ? "locked"
                    : "failed");
      parent.wait();
      sqlite3_exec(raw, "COMMIT", nullptr, nullptr, nullptr);
      sqlite3_close(raw);
    }};
    REQUIRE(holder.wait() == "locked");
    CHECK(refusal_of(options(role::writer)) == "busy");
    CHECK(sqlite::connection::open(options(role::writer)).error() != caf::none);
    holder.end();
    CHECK(refusal_of(options(role::writer)) == "none");
  }
}

TEST_CASE_METHOD(database_file, "another writer makes a transaction busy") {
  // Before anything is open: SQLite does not survive a fork.
  auto holder = child_process{[this](talk_end& parent) {
    parent.wait();
    sqlite3* raw = nullptr;
    sqlite3_open(path.c_str(), &raw);
    parent.tell(sqlite3_exec(raw, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr)
                    == SQLITE_OK
                  ? "locked"
                  : "failed");
    parent.wait();
    sqlite3_close(raw);
  }};
  auto db = open(role::writer);
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  holder.tell();
  REQUIRE(holder.wait() == "locked");
  CHECK(name_of(db->begin_immediate()) == "busy");
  CHECK_FALSE(db->in_transaction());
  CHECK(answer(*db, "INSERT INTO t VALUES(1)") == "busy");
  CHECK(contains(complaint(*db, "INSERT INTO t VALUES(1)"),
                 "another program holds the file's lock"));
  CHECK(answer(*db, "SELECT count(*) FROM t") == "0\n");
  holder.end();
  CHECK(ok(db->begin_immediate()));
  CHECK(answer(*db, "INSERT INTO t VALUES(1)") == "");
  CHECK(ok(db->commit()));
}

// -- damage ---------------------------------------------------------------------------

TEST_CASE_METHOD(writer_file, "a damaged file is corrupt, not empty") {
  REQUIRE(answer(*db, "CREATE TABLE t(x)") == "");
  REQUIRE(answer(*db, "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION "
                      "ALL SELECT i + 1 FROM n WHERE i < 1000) "
                      "SELECT randomblob(100) FROM n")
          == "");
  REQUIRE(ok(db->close()));
  {
    std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(4096);
    file << std::string(4096 * 3, '\xff');
  }
  auto damaged = open(role::writer);
  CHECK(answer(*damaged, "SELECT sum(length(x)) FROM t") == "corrupt");
  auto report = damaged->check(false);
  REQUIRE(report);
  CHECK_FALSE(report->ok());
  CHECK(report->problems.size() <= 100);
}
