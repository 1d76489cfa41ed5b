// What requests may not do: transactions, other files, settings.
#include "tests/bad_input/bad_input_fixture.hpp"

#include <filesystem>
#include <string>

using namespace onewriter;
using namespace onewriter::test;
using namespace std::chrono_literals;

namespace fs = std::filesystem;

TEST_CASE_METHOD(open_fixture, "transaction control is refused") {
  for (auto sql :
       {"BEGIN", "BEGIN IMMEDIATE", "COMMIT", "END", "ROLLBACK", "SAVEPOINT a",
        "RELEASE a", "ROLLBACK TO a", "/* hidden */ COMMIT"}) {
    CHECK(writing(sql) == std::string{"not_allowed@0: "} + sql);
    CHECK(querying(sql) == std::string{"not_a_query: "} + sql);
  }
  // In the middle of a write, whose statements before it are undone.
  write three{"INSERT INTO t(a) VALUES(1)"};
  three.then("COMMIT").then("INSERT INTO t(a) VALUES(2)");
  CHECK(verdict_on(db->write(three)) == "not_allowed@1: COMMIT");
  CHECK(rows("SELECT a FROM t") == "");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "other files are out of reach") {
  auto other = folder.file("other.db");
  auto attach = "ATTACH '" + other + "' AS other";
  CHECK(writing(attach) == "not_allowed@0: " + attach);
  CHECK(querying(attach) == "not_a_query: " + attach);
  CHECK(writing("DETACH other") == "not_allowed@0: DETACH other");
  auto copy = "VACUUM INTO '" + other + "'";
  CHECK(writing(copy) == "not_allowed@0: " + copy);
  CHECK(writing("VACUUM") == "not_allowed@0: VACUUM");
  CHECK(outcome_of(db->query(copy)) == "not_a_query");
  CHECK_FALSE(fs::exists(other));
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "there may be nothing to create or to drop") {
  must("CREATE INDEX i ON t(a)");
  // Once for each connection: what is prepared is not looked at again.
  for (auto i = 0; i < 2; ++i) {
    for (auto sql : {"CREATE TABLE IF NOT EXISTS t(a)",
                     "CREATE INDEX IF NOT EXISTS i ON "
                     "t(a)",
                     "DROP TABLE IF EXISTS x", "DROP INDEX IF EXISTS x",
                     "DROP VIEW IF EXISTS x", "DROP TRIGGER IF EXISTS x",
                     " ; -- as scripts have it\n drop table if exists x"})
      CHECK(writing(sql) == std::string{"ok"});
    for (auto sql : {"VACUUM", "\xef\xbb\xbfVACUUM", "/* drop */ vacuum"})
      CHECK(writing(sql) == std::string{"not_allowed@0: "} + sql);
    reopen();
  }
}

TEST_CASE_METHOD(open_fixture, "settings of the connection stay as they are") {
  auto settings = [this] {
    std::string result;
    for (auto name : {"synchronous", "foreign_keys", "busy_timeout",
                      "auto_vacuum", "recursive_triggers", "cache_size"})
      result += on_writer(std::string{"PRAGMA "} + name) + " ";
    return result;
  };
  auto before = settings();
  for (auto sql :
       {"PRAGMA journal_mode = DELETE", "PRAGMA journal_mode",
        "PRAGMA synchronous = OFF", "PRAGMA foreign_keys = OFF",
        "PRAGMA wal_checkpoint", "PRAGMA wal_checkpoint(TRUNCATE)",
        "PRAGMA wal_autocheckpoint = 1", "PRAGMA locking_mode = EXCLUSIVE",
        "PRAGMA writable_schema = ON", "PRAGMA busy_timeout = 60000",
        "PRAGMA query_only = ON", "PRAGMA mmap_size = 1000000",
        "PRAGMA ignore_check_constraints = ON", "PRAGMA cache_size = 1",
        "PRAGMA recursive_triggers = ON", "PRAGMA hard_heap_limit = 1",
        "PRAGMA temp_store_directory = '/tmp'", "PRAGMA unheard_of = 1"}) {
    CHECK(writing(sql) == std::string{"not_allowed@0: "} + sql);
    CHECK(querying(sql) == std::string{"not_a_query: "} + sql);
  }
  CHECK(settings() == before);
  CHECK(rows("PRAGMA foreign_keys") == "1");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "load_extension is refused") {
  auto sql = std::string{"SELECT load_extension('evil.so')"};
  auto reply = db->write(sql);
  CHECK(verdict_on(reply) == "not_allowed@0: " + sql);
  check_contains(message_of(reply), "load_extension");
  CHECK(querying(sql) == "not_a_query: " + sql);
  CHECK(outcome_of(db->write("INSERT INTO t(b) VALUES(LOAD_EXTENSION('x'))"))
        == "not_allowed");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "temporary objects and reserved names are "
                               "refused") {
  for (auto sql :
       {"CREATE TEMP TABLE x(a)", "CREATE TEMP VIEW x AS SELECT 1",
        "CREATE TABLE onewriter_mine(a)", "DROP TABLE onewriter_dead_letter",
        "DELETE FROM onewriter_idempotency", "DELETE FROM onewriter_session",
        "UPDATE onewriter_dead_letter SET attempts = 0",
        "ALTER TABLE onewriter_dead_letter RENAME TO mine",
        "ALTER TABLE kept RENAME TO \"OneWriter_fts_9\"",
        "INSERT INTO OneWriter_Dead_Letter(id) VALUES(1)"})
    CHECK(writing(sql) == std::string{"not_allowed@0: "} + sql);
  CHECK(rows("SELECT COUNT(*) FROM onewriter_dead_letter") == "0");
  check_unharmed();
}

TEST_CASE_METHOD(open_fixture, "readers neither write nor checkpoint") {
  must("INSERT INTO t(a) VALUES(1)");
  // The indexer may still be asking the writer for unfinished jobs, once.
  for (auto commits = uint64_t{0}; commits != stats().commits;) {
    commits = stats().commits;
    auto log_before = fs::file_size(opts.path + "-wal");
    REQUIRE(log_before > 0);
    for (auto sql :
         {"INSERT INTO t(a) VALUES(2)", "UPDATE t SET a = 3", "DELETE FROM t",
          "CREATE TABLE x(a)", "DROP TABLE t", "CREATE INDEX i ON t(b)",
          "PRAGMA wal_checkpoint", "PRAGMA wal_checkpoint(TRUNCATE)",
          "PRAGMA query_only = 0", "PRAGMA user_version = 7", "REINDEX",
          "ANALYZE", "DELETE FROM t RETURNING a"})
      CHECK(querying(sql) == std::string{"not_a_query: "} + sql);
    if (commits == stats().commits)
      CHECK(fs::file_size(opts.path + "-wal") == log_before);
  }
  open_cursor scan;
  scan.what = query{"DELETE FROM t"};
  CHECK(outcome_of(ask<cursor_actor>(db->database(), scan)) == "not_a_query");
  CHECK(rows("SELECT a FROM t") == "1");
  check_unharmed();
}
